using System.Collections.Concurrent;

namespace ArtifactsPS.Core.Tests.Fixtures;

/// <summary>Records the operations on a store.</summary>
internal sealed class CountingObjectStore(IObjectStore inner) : StoreDecorator(inner)
{
    private readonly ConcurrentQueue<(string Key, long Length)> _creations = new();
    private readonly ConcurrentQueue<(string Operation, string Key)> _operations = new();

    /// <summary>Created keys with their lengths in bytes, in order.</summary>
    public IReadOnlyList<(string Key, long Length)> Creations => [.. _creations];

    /// <summary>Number of operations.</summary>
    public int Count => _operations.Count;

    public IReadOnlyList<string> KeysOf(string operation) =>
        [.. _operations.Where(item => item.Operation == operation).Select(item => item.Key)];

    /// <summary>Resets the record.</summary>
    public void Reset()
    {
        _creations.Clear();
        _operations.Clear();
    }

    protected override void Before(string operation, string key) => _operations.Enqueue((operation, key));

    protected override void Created(string key, long length) => _creations.Enqueue((key, length));
}
