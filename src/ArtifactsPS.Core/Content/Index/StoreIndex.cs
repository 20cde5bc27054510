using System.Collections.Concurrent;
using ArtifactsPS.Core.Concurrency;
using ArtifactsPS.Core.Content.Blobs;
using ArtifactsPS.Core.Content.Chunking;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Content.Index;

/// <summary>
/// Index of all content in a store, in write-once segments. It is derived data: content that a missing, damaged or unreadable
/// segment describes is stored again. The segments are read when content is looked up first. Safe for concurrent callers.
/// </summary>
internal sealed class StoreIndex(IObjectStore store) : IDisposable
{
    private const int SegmentsAtOnce = 8;

    private readonly SemaphoreSlim _loading = new(1);
    private readonly IndexBlockCache _blocks = new();

    // The content of a condemned object is stored again.
    private readonly ObjectLengths _lengths = new(
        (digest, token) => store.GetLengthAsync(StoreLayout.ObjectKey(digest), token)
    );

    // One instance for each object: a page lists its objects once.
    private readonly ConcurrentDictionary<Digest, StoredObject> _objects = new();
    private readonly HashSet<string> _unusable = new(StringComparer.Ordinal);
    private IndexSegment[]? _segments;

    // The segments that were listed last. They are not read again.
    private IndexSegment[] _opened = [];

    /// <summary>Finds content whose objects exist.</summary>
    /// <param name="size">Size of the content in bytes.</param>
    /// <returns>Null if the index doesn't know the content, or an object is missing.</returns>
    public ValueTask<BlobLocation?> FindAsync(Digest digest, long size, CancellationToken cancellationToken) =>
        _segments is { } segments && !MayContain(segments, digest)
            ? default
            : FindInSegmentsAsync(digest, size, cancellationToken);

    private async ValueTask<BlobLocation?> FindInSegmentsAsync(
        Digest digest,
        long size,
        CancellationToken cancellationToken
    )
    {
        var segments = _segments ?? await LoadAsync(unusable: null, cancellationToken).ConfigureAwait(false);
        for (var i = 0; i < segments.Length; i++)
        {
            BlobLocation? found;
            try
            {
                found = await segments[i].FindAsync(digest, cancellationToken).ConfigureAwait(false);
            }
            catch (InvalidDataException)
            {
                // Test-ArtifactStore reports the damaged segment.
                continue;
            }
            catch (Exception e) when (e is ObjectMissingException || IsUnreadable(e))
            {
                // Another process has merged the segment, or it can't be read and is not tried again.
                segments = await LoadAsync(segments[i].Key.Key, cancellationToken).ConfigureAwait(false);
                i = -1;
                continue;
            }
            if (
                found is { } location
                && IsPossible(location, size)
                && await ExistsAsync(location, size, cancellationToken).ConfigureAwait(false)
            )
                return location with { Container = _objects.GetOrAdd(location.Object.Digest, location.Object) };
        }
        return null;
    }

    /// <summary>Adds segments, and merges them with small segments.</summary>
    /// <param name="blobs">Blobs in stored objects.</param>
    public async Task AddAsync(IReadOnlyList<IndexedBlob> blobs, CancellationToken cancellationToken)
    {
        var merge = new IndexMerge(store);
        for (var start = 0; start < blobs.Count; start += IndexMerge.MaxAdded)
        {
            var some = blobs.Count <= IndexMerge.MaxAdded ? blobs : [.. blobs.Skip(start).Take(IndexMerge.MaxAdded)];
            var segments = _segments ?? await LoadAsync(unusable: null, cancellationToken).ConfigureAwait(false);
            await merge
                .CreateAsync(some, IndexMerge.Choose(segments, some.Count), exists: null, cancellationToken)
                .ConfigureAwait(false);
            _segments = null;
        }
    }

    public void Dispose() => _loading.Dispose();

    /// <summary>Opens all segments that no other segment replaces. Damaged and unreadable segments are left out.</summary>
    public static Task<IReadOnlyList<IndexSegment>> OpenAsync(
        IObjectStore store,
        CancellationToken cancellationToken
    ) => OpenAsync(store, new IndexBlockCache(), _ => { }, cancellationToken);

    /// <summary>Opens all segments that no other segment replaces.</summary>
    /// <param name="damaged">Receives damaged and unreadable segments, in parallel.</param>
    /// <param name="known">Segments that were opened before with the same <paramref name="blocks"/>, and are not read again.
    /// A key is never used twice.</param>
    public static async Task<IReadOnlyList<IndexSegment>> OpenAsync(
        IObjectStore store,
        IndexBlockCache blocks,
        Action<StoredKey> damaged,
        CancellationToken cancellationToken,
        IReadOnlyList<IndexSegment>? known = null
    )
    {
        var byKey = (known ?? []).ToDictionary(segment => segment.Key.Key, StringComparer.Ordinal);
        var opened = new ConcurrentQueue<IndexSegment>();
        // Requests wait for the network, not for processors.
        int? workers = store.WithoutCache() is IRemoteStore ? SegmentsAtOnce : null;
        using (var queue = new WorkQueue<StoredKey>(OpenOneAsync, cancellationToken, workers: workers))
        {
            var keys = store.ListAsync(StoreLayout.Index, cancellationToken);
            await foreach (var key in keys.ConfigureAwait(false))
                if (byKey.TryGetValue(key.Key, out var segment) && segment.Key == key)
                    opened.Enqueue(segment);
                else if (StoreLayout.IndexSegmentDigest(key.Key) is not null)
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
                if (await IndexSegment.OpenAsync(store, blocks, key, token).ConfigureAwait(false) is { } segment)
                    opened.Enqueue(segment);
            }
            catch (Exception e) when (e is InvalidDataException || IsUnreadable(e))
            {
                damaged(key);
            }
        }
    }

    /// <summary>Whether an exception means that a segment can't be read. A store that can't be read at all fails other
    /// requests, too.</summary>
    internal static bool IsUnreadable(Exception exception) => exception is StoreUnavailableException or IOException;

    private static bool MayContain(IndexSegment[] segments, Digest digest)
    {
        var bits = new IndexFilter.Bits(digest);
        foreach (var segment in segments)
            if (segment.MayContain(bits))
                return true;
        return false;
    }

    // The first caller that reports an unusable segment lists the segments again.
    private async Task<IndexSegment[]> LoadAsync(string? unusable, CancellationToken cancellationToken)
    {
        await _loading.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            // A segment is left out once it was missing or unreadable, even where a list of names still has it.
            if (unusable is not null && _unusable.Add(unusable))
                _segments = null;
            if (_segments is null)
            {
                var opened = await OpenAsync(store, _blocks, _ => { }, cancellationToken, _opened)
                    .ConfigureAwait(false);
                _segments = _opened = [.. opened.Where(segment => !_unusable.Contains(segment.Key.Key))];
            }
            return _segments;
        }
        finally
        {
            _loading.Release();
        }
    }

    // A page with another location would be unreadable.
    private static bool IsPossible(BlobLocation location, long size) =>
        location.Encoding switch
        {
            BlobEncoding.Zstandard => location.EncodedLength < size,
            BlobEncoding.Chunked => location.EncodedLength <= ChunkList.MaxLength,
            _ => true,
        };

    private async ValueTask<bool> ExistsAsync(BlobLocation location, long size, CancellationToken cancellationToken)
    {
        if (!await _lengths.HasAsync(location, size, cancellationToken).ConfigureAwait(false))
            return false;
        if (!location.IsChunked)
            return true;
        try
        {
            var list = await new ContentReader(store)
                .ReadChunkListAsync(location, cancellationToken)
                .ConfigureAwait(false);
            foreach (var chunk in list.Chunks)
                if (!await _lengths.HasAsync(chunk.Location, chunk.Size, cancellationToken).ConfigureAwait(false))
                    return false;
            return list.Chunks.Sum(chunk => chunk.Size) == size;
        }
        catch (ObjectLostException)
        {
            return false;
        }
    }
}
