using System.Diagnostics;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Tests.Fixtures;

namespace ArtifactsPS.Core.Tests.Writer;

/// <summary>
/// A store that kills its own process at one point. There is a point before each operation, and one after each operation
/// that creates a key.
/// </summary>
/// <param name="point">Number of the point to stop at, from 1; null for none.</param>
/// <param name="onlyChanges">Whether to skip reads: a process killed before a read leaves the same store as one killed at the
/// previous point.</param>
internal sealed class LethalObjectStore(IObjectStore inner, int? point, bool onlyChanges) : StoreDecorator(inner)
{
    private readonly Lock _lock = new();
    private int _passed;

    protected override void Before(string operation, string key)
    {
        if (!onlyChanges || operation is not ("read" or "list" or "look" or "time"))
            Pass();
    }

    protected override void After(string operation, string key) => Pass();

    private void Pass()
    {
        // The lock keeps other threads from continuing while the process ends.
        lock (_lock)
            if (++_passed == point)
            {
                using var self = Process.GetCurrentProcess();
                self.Kill();
                Thread.Sleep(Timeout.Infinite);
            }
    }
}
