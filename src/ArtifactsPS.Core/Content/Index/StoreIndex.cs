using System.Collections.Concurrent;
using ArtifactsPS.Core.Concurrency;
using ArtifactsPS.Core.Content.Blobs;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Content.Index;

/// <summary>
/// Index of all content in a store, in write-once segments. It is derived data: content that a missing or damaged segment
/// describes is stored again. The segments are read when content is looked up first. Safe for concurrent callers.
/// </summary>
internal sealed class StoreIndex(IObjectStore store) : IDisposable
{
    private readonly SemaphoreSlim _loading = new(1);
    private readonly ConcurrentDictionary<Digest, long> _lengths = new();
    private IReadOnlyList<IndexSegment>? _segments;

    /// <summary>Finds content whose objects exist.</summary>
    /// <param name="size">Size of the content in bytes.</param>
    /// <returns>Null if the index doesn't know the content, or an object is missing.</returns>
    public async ValueTask<BlobLocation?> FindAsync(Digest digest, long size, CancellationToken cancellationToken)
    {
        foreach (var segment in _segments ?? await LoadAsync(cancellationToken).ConfigureAwait(false))
            if (
                await FindAsync(segment, digest, cancellationToken).ConfigureAwait(false) is { } location
                && await ExistsAsync(location, size, cancellationToken).ConfigureAwait(false)
            )
                return location;
        return null;
    }

    /// <summary>Adds a segment, and merges it with small segments.</summary>
    /// <param name="blobs">Blobs in stored objects.</param>
    public async Task AddAsync(IReadOnlyList<IndexedBlob> blobs, CancellationToken cancellationToken)
    {
        if (blobs.Count == 0)
            return;
        var segments = _segments ?? await LoadAsync(cancellationToken).ConfigureAwait(false);
        var merge = new IndexMerge(store);
        await merge
            .CreateAsync(blobs, IndexMerge.Choose(segments, blobs.Count), _ => true, cancellationToken)
            .ConfigureAwait(false);
        // The new segment is read only by other processes: this one has its blobs.
    }

    public void Dispose() => _loading.Dispose();

    /// <summary>Opens all segments that no other segment replaces. Damaged segments are left out.</summary>
    public static async Task<IReadOnlyList<IndexSegment>> OpenAsync(
        IObjectStore store,
        CancellationToken cancellationToken
    )
    {
        var opened = new ConcurrentQueue<IndexSegment>();
        using (var queue = new WorkQueue<StoredKey>(OpenOneAsync, cancellationToken))
        {
            var keys = store.ListAsync(StoreLayout.Index, cancellationToken);
            await foreach (var key in keys.ConfigureAwait(false))
                if (StoreLayout.IndexSegmentDigest(key.Key) is not null)
                    await queue.AddAsync(key).ConfigureAwait(false);
            await queue.CompleteAsync().ConfigureAwait(false);
        }
        var replaced = new HashSet<string>(
            opened.SelectMany(segment => segment.Replaced).Select(StoreLayout.IndexSegmentKey),
            StringComparer.Ordinal
        );
        // Large segments first: they have most of the blobs.
        return
        [
            .. opened.Where(segment => !replaced.Contains(segment.Key.Key)).OrderByDescending(segment => segment.Count),
        ];

        async Task OpenOneAsync(StoredKey key, CancellationToken token)
        {
            try
            {
                if (await IndexSegment.OpenAsync(store, key, token).ConfigureAwait(false) is { } segment)
                    opened.Enqueue(segment);
            }
            catch (InvalidDataException)
            {
                // Test-ArtifactStore reports it.
            }
        }
    }

    private static async ValueTask<BlobLocation?> FindAsync(
        IndexSegment segment,
        Digest digest,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return await segment.FindAsync(digest, cancellationToken).ConfigureAwait(false);
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    private async Task<IReadOnlyList<IndexSegment>> LoadAsync(CancellationToken cancellationToken)
    {
        await _loading.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return _segments ??= await OpenAsync(store, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _loading.Release();
        }
    }

    private async ValueTask<bool> ExistsAsync(BlobLocation location, long size, CancellationToken cancellationToken)
    {
        var end = location.Offset + location.StoredLength(size);
        if (await LengthOfAsync(location.Object.Digest, cancellationToken).ConfigureAwait(false) < end)
            return false;
        if (!location.IsChunked)
            return true;
        try
        {
            var objects = await new ContentReader(store)
                .ObjectsOfAsync(location, cancellationToken)
                .ConfigureAwait(false);
            foreach (var digest in objects)
                if (await LengthOfAsync(digest, cancellationToken).ConfigureAwait(false) < 0)
                    return false;
            return true;
        }
        catch (ObjectLostException)
        {
            return false;
        }
    }

    // Negative for a missing object. A condemned object counts as missing: its content is stored again.
    private async ValueTask<long> LengthOfAsync(Digest digest, CancellationToken cancellationToken) =>
        _lengths.TryGetValue(digest, out var length)
            ? length
            : _lengths[digest] =
                await store.GetLengthAsync(StoreLayout.ObjectKey(digest), cancellationToken).ConfigureAwait(false)
                ?? -1;
}
