using System.Collections.Concurrent;

namespace ArtifactsPS.Core.Tests.Fixtures;

/// <summary>Remembers what was asked of a store.</summary>
internal sealed class CountingObjectStore(IObjectStore inner) : StoreDecorator(inner)
{
    private readonly ConcurrentQueue<(string Key, long Length)> _creations = new();
    private readonly ConcurrentQueue<(string Operation, string Key)> _operations = new();

    /// <summary>Keys that were created, and how many bytes they got.</summary>
    public IReadOnlyList<(string Key, long Length)> Creations => [.. _creations];

    /// <summary>How many operations there were.</summary>
    public int Count => _operations.Count;

    public IReadOnlyList<string> KeysOf(string operation) =>
        [.. _operations.Where(item => item.Operation == operation).Select(item => item.Key)];

    /// <summary>Begins to count anew.</summary>
    public void Reset()
    {
        _creations.Clear();
        _operations.Clear();
    }

    protected override void Before(string operation, string key) => _operations.Enqueue((operation, key));

    protected override void Created(string key, long length) => _creations.Enqueue((key, length));
}
