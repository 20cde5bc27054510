using ArtifactsPS.Core.Content.Blobs;
using ArtifactsPS.Core.Content.Packs;
using ArtifactsPS.Core.Storage;

namespace ArtifactsPS.Core.Content.Chunking;

/// <summary>Blobs that follow each other in one object, and are read with one request.</summary>
/// <param name="blobs">The blobs in the order of their offsets, all of them compressed, or none.</param>
internal sealed class ChunkRun(IReadOnlyList<Blob> blobs)
{
    private const int BufferSize = 1 << 20;

    // Compressed blobs are read into memory before they are decompressed.
    private const long MaxCompressedLength = 4 << 20;

    /// <summary>Key of the object.</summary>
    public string Key => blobs[0].Location.Object.Key;

    private bool AreCompressed => blobs[0].Location.Encoding == BlobEncoding.Zstandard;

    /// <summary>Divides the chunks of a file into runs. The order stays.</summary>
    public static IEnumerable<ChunkRun> Split(IEnumerable<Blob> chunks)
    {
        var run = new List<Blob>();
        long length = 0;
        foreach (var chunk in chunks)
        {
            if (run.Count > 0 && !Continues(run[run.Count - 1], chunk, length))
            {
                yield return new ChunkRun(run);
                (run, length) = ([], 0);
            }
            run.Add(chunk);
            length += chunk.StoredLength;
        }
        if (run.Count > 0)
            yield return new ChunkRun(run);
    }

    /// <summary>Reads the run piece by piece.</summary>
    /// <param name="write">Receives a buffer and its number of bytes. The buffer is reused afterwards.</param>
    /// <exception cref="ObjectMissingException">The object is missing.</exception>
    /// <exception cref="ObjectCorruptException">The object ends early, or a frame is damaged.</exception>
    public Task CopyAsync(ContentReader reader, Func<byte[], int, Task> write, CancellationToken cancellationToken) =>
        AreCompressed
            ? DecompressAsync(reader, write, cancellationToken)
            : CopyRawAsync(reader, write, cancellationToken);

    private static bool Continues(Blob previous, Blob next, long length) =>
        previous.Location.Encoding == next.Location.Encoding
        && previous.Location.Object.Digest == next.Location.Object.Digest
        && previous.Location.Offset + previous.StoredLength == next.Location.Offset
        && (next.Location.Encoding == BlobEncoding.Raw || length + next.StoredLength <= MaxCompressedLength);

    private async Task CopyRawAsync(
        ContentReader reader,
        Func<byte[], int, Task> write,
        CancellationToken cancellationToken
    )
    {
        var first = blobs[0];
        var left = blobs.Sum(blob => blob.Size);
        var buffer = BlobBuffers.Rent((int)Math.Min(BufferSize, Math.Max(left, 1)));
        try
        {
            using var stream = await reader
                .OpenAsync(first.Location.Object, first.Location.Offset, left, cancellationToken)
                .ConfigureAwait(false);
            while (left > 0)
            {
                var read = await stream
                    .ReadAsync(buffer, 0, (int)Math.Min(buffer.Length, left), cancellationToken)
                    .ConfigureAwait(false);
                if (read == 0)
                    throw reader.Mismatch(first);
                await write(buffer, read).ConfigureAwait(false);
                left -= read;
            }
        }
        finally
        {
            BlobBuffers.Return(buffer);
        }
    }

    private async Task DecompressAsync(
        ContentReader reader,
        Func<byte[], int, Task> write,
        CancellationToken cancellationToken
    )
    {
        var start = blobs[0].Location.Offset;
        foreach (var blob in blobs)
            reader.CheckFrameSize(blob);
        var length = (int)blobs.Sum(blob => blob.StoredLength);
        var frames = BlobBuffers.Rent(length);
        using var buffer = new ContentBuffer();
        try
        {
            await reader
                .ReadBytesAsync(blobs[0].Location.Object, start, frames, length, cancellationToken)
                .ConfigureAwait(false);
            foreach (var blob in blobs)
            {
                var offset = (int)(blob.Location.Offset - start);
                var frame = new ArraySegment<byte>(frames, offset, (int)blob.StoredLength);
                if (!buffer.TryDecompress(blob, frame, out var content))
                    throw reader.Mismatch(blob);
                await write(content.Array!, content.Count).ConfigureAwait(false);
            }
        }
        finally
        {
            BlobBuffers.Return(frames);
        }
    }
}
