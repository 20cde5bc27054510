using System.Buffers;
using ArtifactsPS.Core.Content.Blobs;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Content.Packs;

/// <summary>Blobs that lie close together in one object, to be read in one go.</summary>
/// <typeparam name="T">What each blob is for.</typeparam>
internal sealed class BlobBatch<T>
{
    private const long MaxLength = 4 << 20;
    private const long MaxGap = 64 << 10;

    private BlobBatch(List<(T Item, Blob Blob)> items) => Items = items;

    /// <summary>In the order they lie in; a blob longer than a batch may be is alone in one.</summary>
    public IReadOnlyList<(T Item, Blob Blob)> Items { get; }

    private long Start => Items[0].Blob.Location.Offset;

    private long Length => Items.Max(item => item.Blob.Location.Offset + item.Blob.Size) - Start;

    /// <summary>Arranges blobs so that each object is read from its beginning to its end.</summary>
    public static IEnumerable<BlobBatch<T>> Plan(IEnumerable<(T Item, Blob Blob)> blobs)
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
            var joins =
                batch.Count > 0
                && ObjectOf(batch[0].Blob) == ObjectOf(next.Blob)
                && offset - end <= MaxGap
                && Math.Max(end, offset + next.Blob.Size) - start <= MaxLength;
            if (!joins && batch.Count > 0)
            {
                yield return new BlobBatch<T>(batch);
                batch = [];
            }
            if (batch.Count == 0)
                (start, end) = (offset, offset);
            batch.Add(next);
            end = Math.Max(end, offset + next.Blob.Size);
        }
        if (batch.Count > 0)
            yield return new BlobBatch<T>(batch);
    }

    /// <summary>Whether the batch is one blob too long to be held in memory.</summary>
    public bool IsLarge => Items.Count == 1 && Items[0].Blob.Size > MaxLength;

    /// <summary>Reads the blobs of a batch that isn't large.</summary>
    /// <param name="reader">Where from.</param>
    /// <param name="deliver">Given each blob's bytes, once they were found right.</param>
    /// <param name="fail">Told of each blob whose bytes are missing or wrong.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    public async Task ReadAsync(
        ContentReader reader,
        Func<T, ArraySegment<byte>, Task> deliver,
        Action<T, ArtifactsException> fail,
        CancellationToken cancellationToken
    )
    {
        var length = (int)Length;
        var buffer = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            var known = await TryFillAsync(reader, buffer, length, cancellationToken).ConfigureAwait(false);
            foreach (var (item, blob) in Items)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var bytes = new ArraySegment<byte>(buffer, (int)(blob.Location.Offset - Start), (int)blob.Size);
                if (!known || Sha256.Of(bytes.Array!, bytes.Offset, bytes.Count) != blob.Digest)
                    try
                    {
                        bytes = new ArraySegment<byte>(
                            await reader.ReadAsync(blob, cancellationToken).ConfigureAwait(false)
                        );
                    }
                    catch (ObjectLostException e)
                    {
                        fail(item, e);
                        continue;
                    }
                await deliver(item, bytes).ConfigureAwait(false);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    // Where an object is damaged, each blob is asked for by itself: some of them may be whole.
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

    // Blobs of no bytes have no object, and come first.
    private static Digest ObjectOf(Blob blob) => blob.Location.StoredIn ?? default;
}
