using ArtifactsPS.Core.Content.Blobs;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Content.Packs;

/// <summary>Blobs that are close together in one object and are read with one request.</summary>
/// <typeparam name="T">Item that the caller associates with each blob.</typeparam>
internal sealed class BlobBatch<T>
{
    /// <summary>Maximum length in bytes where a request costs little: a batch stays in the cache of a processor.</summary>
    public const long LocalLength = 1 << 20;

    /// <summary>Maximum length in bytes of a batch of several blobs.</summary>
    public const long MaxLength = 4 << 20;
    private const long MaxGap = 64 << 10;

    // Of tiny blobs, the items take more memory than the bytes.
    private const int MaxItems = 1 << 12;

    private BlobBatch(List<(T Item, Blob Blob)> items) => Items = items;

    /// <summary>Blobs in the order of their offsets. A blob that is longer than the maximum length of a batch is alone, and so is
    /// a blob that is divided into chunks.</summary>
    public IReadOnlyList<(T Item, Blob Blob)> Items { get; }

    /// <summary>Offset of the first byte in the object.</summary>
    public long Start => Items[0].Blob.Location.Offset;

    /// <summary>Number of bytes from the first blob to the end of the last.</summary>
    public long Length => Items.Max(item => item.Blob.Location.Offset + item.Blob.StoredLength) - Start;

    /// <summary>Offset behind the last byte.</summary>
    public long End => Start + Length;

    /// <summary>Whether the bytes can be read before the work on the batch begins.</summary>
    public bool IsReadAhead => !IsLarge && !Items[0].Blob.Location.IsEmpty;

    /// <summary>Whether the bytes are close behind those of another batch, so that one request reads both.</summary>
    public bool Follows(BlobBatch<T> previous) =>
        IsReadAhead
        && previous.IsReadAhead
        && ObjectOf(Items[0].Blob) == ObjectOf(previous.Items[0].Blob)
        && Start - previous.End is >= 0 and <= MaxGap;

    /// <summary>Groups blobs into batches that read each object from its start to its end.</summary>
    /// <param name="maxLength">Maximum length of a batch in bytes. A longer blob is alone in its batch.</param>
    public static IEnumerable<BlobBatch<T>> Plan(IEnumerable<(T Item, Blob Blob)> blobs, long maxLength = MaxLength)
    {
        var batch = new List<(T Item, Blob Blob)>();
        long start = 0;
        long end = 0;
        foreach (
            var next in blobs
                .OrderBy(blob => ObjectOf(blob.Blob), Digest.Order)
                .ThenBy(blob => blob.Blob.Location.Offset)
        )
        {
            var offset = next.Blob.Location.Offset;
            var fits =
                batch.Count is > 0 and < MaxItems
                && !next.Blob.Location.IsChunked
                && !batch[0].Blob.Location.IsChunked
                && ObjectOf(batch[0].Blob) == ObjectOf(next.Blob)
                && offset - end <= MaxGap
                && Math.Max(end, offset + next.Blob.StoredLength) - start <= maxLength;
            if (!fits && batch.Count > 0)
            {
                yield return new BlobBatch<T>(batch);
                batch = [];
            }
            if (batch.Count == 0)
                (start, end) = (offset, offset);
            batch.Add(next);
            end = Math.Max(end, offset + next.Blob.StoredLength);
        }
        if (batch.Count > 0)
            yield return new BlobBatch<T>(batch);
    }

    /// <summary>Whether the batch is a single blob that is divided into chunks, or too large to read into memory.</summary>
    public bool IsLarge =>
        Items.Count == 1 && (Items[0].Blob.Location.IsChunked || Items[0].Blob.StoredLength > MaxLength);

    /// <summary>Reads the blobs of a batch that isn't large.</summary>
    /// <param name="deliver">Receives the checked bytes of each blob. They are valid until the task completes.</param>
    /// <param name="fail">Receives each blob that is missing or damaged.</param>
    /// <param name="read">Bytes of the batch from its start; null if they must be read.</param>
    public async Task ReadAsync(
        ContentReader reader,
        Func<T, ArraySegment<byte>, Task> deliver,
        Func<T, ArtifactsException, ValueTask> fail,
        CancellationToken cancellationToken,
        byte[]? read = null
    )
    {
        if (read is not null)
        {
            await DecodeAsync(read, reader, deliver, fail, cancellationToken).ConfigureAwait(false);
            return;
        }
        var length = (int)Length;
        var buffer = BlobBuffers.Rent(length);
        try
        {
            var isFilled = await TryFillAsync(reader, buffer, length, cancellationToken).ConfigureAwait(false);
            await DecodeAsync(isFilled ? buffer : null, reader, deliver, fail, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            BlobBuffers.Return(buffer);
        }
    }

    // Null for bytes that can't be read together.
    private async Task DecodeAsync(
        byte[]? buffer,
        ContentReader reader,
        Func<T, ArraySegment<byte>, Task> deliver,
        Func<T, ArtifactsException, ValueTask> fail,
        CancellationToken cancellationToken
    )
    {
        using var content = new ContentBuffer();
        foreach (var (item, blob) in Items)
        {
            cancellationToken.ThrowIfCancellationRequested();
            ArraySegment<byte> bytes = default;
            if (buffer is null || !content.TryDecode(blob, StoredIn(buffer, blob), out bytes))
                try
                {
                    bytes = new ArraySegment<byte>(
                        await reader.ReadAsync(blob, cancellationToken).ConfigureAwait(false)
                    );
                }
                catch (ObjectLostException e)
                {
                    await fail(item, e).ConfigureAwait(false);
                    continue;
                }
            await deliver(item, bytes).ConfigureAwait(false);
        }
    }

    private ArraySegment<byte> StoredIn(byte[] buffer, Blob blob) =>
        new(buffer, (int)(blob.Location.Offset - Start), (int)blob.StoredLength);

    // False if the object is missing or damaged. The caller reads each blob separately then: some may be undamaged.
    private async Task<bool> TryFillAsync(
        ContentReader reader,
        byte[] buffer,
        int length,
        CancellationToken cancellationToken
    )
    {
        if (Items[0].Blob.Location.IsEmpty)
            return true;
        var source = Items[0].Blob.Location.Object;
        try
        {
            await reader.ReadBytesAsync(source, Start, buffer, length, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (ObjectLostException)
        {
            return false;
        }
    }

    // Empty blobs have no object, and are sorted first.
    private static Digest ObjectOf(Blob blob) => blob.Location.StoredIn ?? default;
}
