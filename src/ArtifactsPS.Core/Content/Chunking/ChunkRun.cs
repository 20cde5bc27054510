using ArtifactsPS.Core.Content.Blobs;
using ArtifactsPS.Core.Content.Packs;
using ArtifactsPS.Core.FileSystem;
using ArtifactsPS.Core.Storage;

namespace ArtifactsPS.Core.Content.Chunking;

/// <summary>Blobs that follow each other in one object, and are read as one range.</summary>
/// <param name="blobs">The blobs in the order of their offsets, all of them compressed, or none.</param>
internal sealed class ChunkRun(IReadOnlyList<Blob> blobs)
{
    private const int PieceSize = 1 << 20;

    // Compressed blobs are read into memory before they are decompressed.
    private const long MaxCompressedPiece = 4 << 20;

    /// <summary>Key of the object.</summary>
    public string Key => blobs[0].Location.Object.Key;

    private long LongestFramePiece => Math.Max(MaxCompressedPiece, blobs.Max(blob => blob.StoredLength));

    private bool AreCompressed => blobs[0].Location.Encoding == BlobEncoding.Zstandard;

    /// <summary>Divides the chunks of a file into runs. The order stays.</summary>
    public static IEnumerable<ChunkRun> Split(IEnumerable<Blob> chunks)
    {
        var run = new List<Blob>();
        foreach (var chunk in chunks)
        {
            if (run.Count > 0 && !Continues(run[run.Count - 1], chunk))
            {
                yield return new ChunkRun(run);
                run = [];
            }
            run.Add(chunk);
        }
        if (run.Count > 0)
            yield return new ChunkRun(run);
    }

    /// <summary>Reads the run piece by piece. The next piece is read meanwhile, so that the store and the receiver work at the same
    /// time.</summary>
    /// <param name="hash">Hashes the content at the same time, too. No piece is pending when this ends.</param>
    /// <param name="write">Receives a buffer and its number of bytes. The buffer is reused afterwards.</param>
    /// <exception cref="ObjectMissingException">The object is missing.</exception>
    /// <exception cref="ObjectCorruptException">The object ends early, or a frame is damaged.</exception>
    public async Task CopyAsync(
        ContentReader reader,
        PipelinedHash hash,
        Func<byte[], int, Task> write,
        CancellationToken cancellationToken
    )
    {
        foreach (var blob in blobs)
            if (AreCompressed)
                reader.CheckFrameSize(blob);
        var total = blobs.Sum(blob => blob.StoredLength);
        if (total == 0)
            return;
        var longest = (int)Math.Min(total, AreCompressed ? LongestFramePiece : PieceSize);
        using var stream = await reader
            .OpenAsync(blobs[0].Location.Object, blobs[0].Location.Offset, total, cancellationToken)
            .ConfigureAwait(false);
        // A damaged page may claim any size: pieces are counted as they are read.
        using var pieces = (AreCompressed ? FramePieces() : RawPieces(total)).GetEnumerator();
        // One buffer is read into, and one is written. Raw content is still hashed while the next piece is written.
        using var buffers = new AlternatingBuffers(AreCompressed ? 2 : 3, longest);
        using var contents = new ContentBuffers();
        var isLast = !pieces.MoveNext();
        var next = buffers.Next();
        var reading = ReadAsync(stream, next, pieces.Current.Length, cancellationToken);
        try
        {
            while (!isLast)
            {
                var (length, contained) = pieces.Current;
                if (await reading.ConfigureAwait(false) < length)
                    throw reader.Mismatch(contained[0]);
                var current = next;
                isLast = !pieces.MoveNext();
                if (!isLast)
                {
                    next = buffers.Next();
                    reading = ReadAsync(stream, next, pieces.Current.Length, cancellationToken);
                }
                if (AreCompressed)
                    await DecompressAsync(reader, contained, current, contents, WriteAsync).ConfigureAwait(false);
                else
                    await WriteAsync(current, length).ConfigureAwait(false);
            }
        }
        finally
        {
            await Task.WhenAny(reading).ConfigureAwait(false);
            await hash.WaitAsync().ConfigureAwait(false);
        }

        async Task WriteAsync(byte[] bytes, int count)
        {
            await hash.AppendAsync(bytes, count).ConfigureAwait(false);
            await write(bytes, count).ConfigureAwait(false);
        }
    }

    private static bool Continues(Blob previous, Blob next) =>
        previous.Location.Encoding == next.Location.Encoding
        && previous.Location.Object.Digest == next.Location.Object.Digest
        && previous.Location.Offset + previous.StoredLength == next.Location.Offset;

    private IEnumerable<(int Length, IReadOnlyList<Blob> Blobs)> RawPieces(long total)
    {
        for (var left = total; left > 0; left -= PieceSize)
            yield return ((int)Math.Min(left, PieceSize), blobs);
    }

    private IEnumerable<(int Length, IReadOnlyList<Blob> Blobs)> FramePieces()
    {
        var piece = new List<Blob>();
        long length = 0;
        foreach (var blob in blobs)
        {
            if (piece.Count > 0 && length + blob.StoredLength > MaxCompressedPiece)
            {
                yield return ((int)length, piece);
                (piece, length) = ([], 0);
            }
            piece.Add(blob);
            length += blob.StoredLength;
        }
        yield return ((int)length, piece);
    }

    private static Task<int> ReadAsync(Stream stream, byte[] buffer, int count, CancellationToken cancellationToken) =>
        Task.Run(() => stream.ReadFullyAsync(buffer, 0, count, cancellationToken), cancellationToken);

    private static async Task DecompressAsync(
        ContentReader reader,
        IReadOnlyList<Blob> piece,
        byte[] frames,
        ContentBuffers contents,
        Func<byte[], int, Task> write
    )
    {
        var offset = 0;
        foreach (var blob in piece)
        {
            var frame = new ArraySegment<byte>(frames, offset, (int)blob.StoredLength);
            if (!contents.Next().TryDecompress(blob, frame, out var content))
                throw reader.Mismatch(blob);
            await write(content.Array!, content.Count).ConfigureAwait(false);
            offset += frame.Count;
        }
    }

    /// <summary>Two buffers for content: one is written while the other is still hashed.</summary>
    private sealed class ContentBuffers : IDisposable
    {
        private ContentBuffer _next = new();
        private ContentBuffer _other = new();

        public ContentBuffer Next()
        {
            (_next, _other) = (_other, _next);
            return _other;
        }

        public void Dispose()
        {
            _next.Dispose();
            _other.Dispose();
        }
    }
}
