using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Tests.Fixtures;

namespace ArtifactsPS.Core.Tests.Writer;

/// <summary>
/// A store that pauses its process once, before the first operation of a kind. The process prints <c>paused</c> and waits for a
/// line on standard input.
/// </summary>
/// <param name="point">Operation and start of the key, such as <c>create:intents/</c>; null for none.</param>
internal sealed class PausingObjectStore(IObjectStore inner, string? point) : StoreDecorator(inner)
{
    private readonly Lock _lock = new();
    private bool _hasPaused;

    /// <summary>Pauses if this is the point.</summary>
    public void Pass(string operation, string key)
    {
        lock (_lock)
        {
            if (_hasPaused || point is null || !$"{operation}:{key}".StartsWith(point, StringComparison.Ordinal))
                return;
            _hasPaused = true;
            Console.WriteLine("paused");
            Console.ReadLine();
        }
    }

    protected override void Before(string operation, string key) => Pass(operation, key);
}
