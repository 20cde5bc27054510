using System.Collections.Concurrent;
using ArtifactsPS.Core.Concurrency;
using ArtifactsPS.Core.Content.Trash;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Content.Blobs;

/// <summary>Objects that a commit relies on: those that its writer has stored, and those that it reuses. Safe for concurrent
/// callers.</summary>
internal sealed class ReliedObjects(IObjectStore store)
{
    // Length in bytes that each object must have at least.
    private readonly ConcurrentDictionary<Digest, long> _objects = new();

    public bool IsEmpty => _objects.IsEmpty;

    /// <summary>Adds objects.</summary>
    public void Add(IEnumerable<Digest> digests)
    {
        foreach (var digest in digests)
            _objects.TryAdd(digest, 0);
    }

    /// <summary>Adds an object.</summary>
    /// <param name="minLength">Length in bytes that it must have at least.</param>
    public void Add(Digest digest, long minLength) =>
        _objects.AddOrUpdate(digest, minLength, (_, other) => Math.Max(other, minLength));

    /// <summary>Adds an object that contains a single file, if it exists.</summary>
    /// <returns>False if it is missing, or has another length.</returns>
    public async Task<bool> TryAddAsync(Digest digest, long length, CancellationToken cancellationToken)
    {
        var key = StoreLayout.ObjectKey(digest);
        if (await store.GetLengthAsync(key, cancellationToken).ConfigureAwait(false) != length)
            return false;
        Add(digest, length);
        return true;
    }

    /// <summary>Ensures that all objects are in <c>objects/</c>. Condemned objects are brought back.</summary>
    /// <exception cref="ObjectCleanedUpException">An object is missing.</exception>
    /// <exception cref="ObjectCorruptException">An object is too short.</exception>
    public async Task EnsureAsync(CancellationToken cancellationToken)
    {
        if (_objects.Count == 1)
        {
            await EnsureAsync(_objects.First(), cancellationToken).ConfigureAwait(false);
            return;
        }
        using var checking = new WorkQueue<KeyValuePair<Digest, long>>(EnsureAsync, cancellationToken);
        foreach (var item in _objects)
            await checking.AddAsync(item).ConfigureAwait(false);
        await checking.CompleteAsync().ConfigureAwait(false);
    }

    private async Task EnsureAsync(KeyValuePair<Digest, long> item, CancellationToken cancellationToken)
    {
        var key = StoreLayout.ObjectKey(item.Key);
        var length =
            await TrashedObjects.EnsureAsync(store, item.Key, cancellationToken).ConfigureAwait(false)
            ?? throw new ObjectCleanedUpException(store.Location, key);
        if (length < item.Value)
            throw new ObjectCorruptException(
                store.Location,
                key,
                FormattableString.Invariant($"it has {length} bytes instead of at least {item.Value}")
            );
    }
}
