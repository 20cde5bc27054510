using ArtifactsPS.Core.Content.Blobs;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Content.Index;

/// <summary>Compares the content that versions need with the index, in batches of bounded memory. Safe for concurrent
/// callers.</summary>
/// <param name="missing">Receives the blobs of a batch that no segment has. The next batch is compared afterwards.</param>
/// <param name="allBytes">Whether to read the bytes of each record that names another object than an entry does.</param>
internal sealed class IndexComparison(
    IObjectStore store,
    Func<IReadOnlyList<IndexedBlob>, CancellationToken, Task> missing,
    bool allBytes = false
) : IDisposable
{
    // About 10 MB.
    private const int BlobsAtOnce = 1 << 17;
    private const int Passes = 3;

    private readonly SemaphoreSlim _comparing = new(1);
    private readonly ContentReader _content = new(store);
    private readonly HashSet<string> _wrong = new(StringComparer.Ordinal);
    private List<Blob> _batch = [];

    /// <summary>Keys of segments with a record that contradicts an entry.</summary>
    public IReadOnlyCollection<string> WrongSegments => _wrong;

    /// <summary>Adds content of entries. Content without an object, or with an object of its own, is not in the index.</summary>
    public async Task AddAsync(IReadOnlyList<Blob> blobs, CancellationToken cancellationToken)
    {
        await _comparing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            foreach (var blob in blobs)
                if (blob.Location.StoredIn is { } source && (source != blob.Digest || blob.Location.Offset > 0))
                    _batch.Add(blob);
            if (_batch.Count >= BlobsAtOnce)
                await CompareBatchAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _comparing.Release();
        }
    }

    /// <summary>Compares the last batch.</summary>
    public async Task CompleteAsync(CancellationToken cancellationToken)
    {
        await _comparing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await CompareBatchAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _comparing.Release();
        }
    }

    public void Dispose() => _comparing.Dispose();

    private async Task CompareBatchAsync(CancellationToken cancellationToken)
    {
        if (_batch.Count == 0)
            return;
        // Neighbours are in the same block of a segment, which is read once.
        var batch = _batch;
        _batch = [];
        var digests = new Digest[batch.Count];
        for (var i = 0; i < digests.Length; i++)
            digests[i] = batch[i].Digest;
        var sorted = new List<Blob>(batch.Count);
        foreach (var index in DigestOrder.Of(digests))
            if (sorted.Count == 0 || sorted[sorted.Count - 1].Digest != batch[index].Digest)
                sorted.Add(batch[index]);
        var absent = await CompareAsync(sorted, cancellationToken).ConfigureAwait(false);
        if (absent.Count > 0)
            await missing(absent, cancellationToken).ConfigureAwait(false);
    }

    // Opens the segments for each batch: they were created before the version that has the content was committed.
    private async Task<List<IndexedBlob>> CompareAsync(List<Blob> sorted, CancellationToken cancellationToken)
    {
        for (var pass = 1; ; pass++)
            try
            {
                var segments = await StoreIndex.OpenAsync(store, cancellationToken).ConfigureAwait(false);
                var absent = new List<IndexedBlob>();
                foreach (var blob in sorted)
                    if (
                        !IsSurelyFound(segments, blob)
                        && !await IsFoundAsync(segments, blob, cancellationToken).ConfigureAwait(false)
                    )
                        absent.Add(new IndexedBlob(blob.Digest, blob.Location));
                return absent;
            }
            catch (ObjectMissingException) when (pass < Passes)
            {
                // Another process has merged a segment.
            }
    }

    // Most blobs are at their place in blocks that were read for the blob before.
    private static bool IsSurelyFound(IReadOnlyList<IndexSegment> segments, Blob blob)
    {
        var found = false;
        try
        {
            for (var i = 0; i < segments.Count; i++)
            {
                if (!segments[i].TryFind(blob.Digest, out var location))
                    return false;
                if (location is not { } place)
                    continue;
                if (!IsSamePlace(blob.Location, place))
                    return false;
                found = true;
            }
        }
        catch (InvalidDataException)
        {
            return false;
        }
        return found;
    }

    private static bool IsSamePlace(BlobLocation left, BlobLocation right) =>
        (left.Offset, left.Encoding, left.EncodedLength) == (right.Offset, right.Encoding, right.EncodedLength)
        && left.Object.Digest == right.Object.Digest;

    private async ValueTask<bool> IsFoundAsync(
        IReadOnlyList<IndexSegment> segments,
        Blob blob,
        CancellationToken cancellationToken
    )
    {
        var found = false;
        foreach (var segment in segments)
        {
            BlobLocation? location;
            try
            {
                location = await segment.FindAsync(blob.Digest, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception e) when (e is InvalidDataException || StoreIndex.IsUnreadable(e))
            {
                // The check of the segments reports it.
                continue;
            }
            if (location is not { } place)
                continue;
            if (await IsWrongAsync(blob, place, cancellationToken).ConfigureAwait(false))
                _wrong.Add(segment.Key.Key);
            else
                found = true;
        }
        return found;
    }

    // A record may name another object, or another copy in the same object.
    private async ValueTask<bool> IsWrongAsync(Blob blob, BlobLocation location, CancellationToken cancellationToken)
    {
        var isSameObject = location.Object.Digest == blob.Location.Object.Digest;
        if (IsSamePlace(blob.Location, location) || !isSameObject && !allBytes)
            return false;
        try
        {
            await _content
                .CopyAsync(blob with { Location = location }, (_, _) => Task.CompletedTask, cancellationToken)
                .ConfigureAwait(false);
            return false;
        }
        catch (ObjectMissingException) when (!isSameObject)
        {
            // A record of a deleted object is ignored, and dropped by a later clean-up.
            return false;
        }
        catch (ObjectLostException)
        {
            return true;
        }
    }
}
