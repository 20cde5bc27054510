using System.Diagnostics;

namespace ArtifactsPS.Tests;

/// <summary>
/// A store that kills its own process at one point: before each operation there is a point, and another after each that
/// creates a key.
/// </summary>
/// <param name="inner">The store.</param>
/// <param name="point">The point to die at, counted from 1; null for none.</param>
internal sealed class LethalObjectStore(IObjectStore inner, int? point) : StoreDecorator(inner)
{
    private readonly Lock _lock = new();
    private int _passed;

    protected override void Before(string operation, string key) => Pass();

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
