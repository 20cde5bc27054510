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
    // Fewer objects are looked up one by one.
    private const int FewestToList = 32;

    // A request lists 1,000 keys, and costs as much time as looking up a few objects in parallel.
    private const int KeysPerObject = 125;

    // Requests wait for the network, not for processors.
    private const int LookUpsAtOnce = 8;

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

    /// <summary>Digests of the objects.</summary>
    public ICollection<Digest> Digests => _objects.Keys;

    /// <summary>Ensures that all objects are in <c>objects/</c>. Condemned objects are brought back.</summary>
    /// <exception cref="ObjectCleanedUpException">An object is missing.</exception>
    /// <exception cref="ObjectCorruptException">An object is too short.</exception>
    public Task EnsureAsync(CancellationToken cancellationToken) =>
        LookUpAsync(
            (digest, length) =>
            {
                var key = StoreLayout.ObjectKey(digest);
                if (length is null)
                    throw new ObjectCleanedUpException(store.Location, key);
                if (length < _objects[digest])
                    throw new ObjectCorruptException(
                        store.Location,
                        key,
                        FormattableString.Invariant($"it has {length} bytes instead of at least {_objects[digest]}")
                    );
            },
            bringsBack: true,
            cancellationToken
        );

    /// <summary>Finds the objects that are not in <c>objects/</c>.</summary>
    /// <param name="bringsBack">Whether condemned objects are brought back; otherwise they count as missing.</param>
    public async Task<HashSet<Digest>> FindMissingAsync(bool bringsBack, CancellationToken cancellationToken)
    {
        var missing = new ConcurrentBag<Digest>();
        await LookUpAsync(
                (digest, length) =>
                {
                    if (length is null)
                        missing.Add(digest);
                },
                bringsBack,
                cancellationToken
            )
            .ConfigureAwait(false);
        return [.. missing];
    }

    // Calls back with the length of each object, or null. Calls may overlap.
    private async Task LookUpAsync(Action<Digest, long?> found, bool bringsBack, CancellationToken cancellationToken)
    {
        // A file system answers at once.
        if (store.WithoutCache() is not IRemoteStore)
        {
            foreach (var digest in _objects.Keys)
                await LookUpAsync(digest, cancellationToken).ConfigureAwait(false);
            return;
        }
        var listed = await ListAsync(cancellationToken).ConfigureAwait(false);
        using var checking = new WorkQueue<Digest>(LookUpAsync, cancellationToken, workers: LookUpsAtOnce);
        foreach (var digest in _objects.Keys)
            if (listed.TryGetValue(digest, out var length))
                found(digest, length);
            else
                await checking.AddAsync(digest).ConfigureAwait(false);
        await checking.CompleteAsync().ConfigureAwait(false);

        async Task LookUpAsync(Digest digest, CancellationToken token) =>
            found(
                digest,
                bringsBack
                    ? await TrashedObjects.EnsureAsync(store, digest, token).ConfigureAwait(false)
                    : await store.GetLengthAsync(StoreLayout.ObjectKey(digest), token).ConfigureAwait(false)
            );
    }

    // Lists the store where that takes fewer requests than a request for each object. A listed object is in the store; one that
    // isn't listed may be missing, condemned, or beyond the part of the store that is worth listing.
    private async Task<Dictionary<Digest, long>> ListAsync(CancellationToken cancellationToken)
    {
        var lengths = new Dictionary<Digest, long>();
        if (_objects.Count < FewestToList)
            return lengths;
        var left = (long)_objects.Count * KeysPerObject;
        var keys = store.ListAsync(StoreLayout.Objects, cancellationToken);
        await foreach (var key in keys.ConfigureAwait(false))
        {
            if (StoreLayout.ObjectDigest(key.Key) is { } digest && _objects.ContainsKey(digest))
                lengths[digest] = key.Length;
            if (lengths.Count == _objects.Count || --left == 0)
                break;
        }
        return lengths;
    }
}
