using System.Diagnostics;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Tests.Fixtures;

namespace ArtifactsPS.Core.Tests.Writer;

/// <summary>
/// A store that kills its own process at one point: before each operation there is a point, and another after each that
/// creates a key.
/// </summary>
/// <param name="inner">The store.</param>
/// <param name="point">The point to die at, counted from 1; null for none.</param>
/// <param name="onlyChanges">Whether reading is no such point: who dies there leaves what who died at the point before
/// did.</param>
internal sealed class LethalObjectStore(IObjectStore inner, int? point, bool onlyChanges) : StoreDecorator(inner)
{
    private readonly Lock _lock = new();
    private int _passed;

    protected override void Before(string operation, string key)
    {
        if (!onlyChanges || operation is not ("read" or "list" or "look"))
            Pass();
    }

    protected override void After(string operation, string key) => Pass();

    private void Pass()
    {
        // Nobody gets past the one who dies.
        lock (_lock)
            if (++_passed == point)
            {
                using var self = Process.GetCurrentProcess();
                self.Kill();
                Thread.Sleep(Timeout.Infinite);
            }
    }
}
