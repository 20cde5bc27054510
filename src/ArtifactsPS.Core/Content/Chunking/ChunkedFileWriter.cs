using ArtifactsPS.Core.Concurrency;
using ArtifactsPS.Core.Content.Blobs;
using ArtifactsPS.Core.Content.Compression;
using ArtifactsPS.Core.Content.Packs;
using ArtifactsPS.Core.FileSystem;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Content.Chunking;

/// <summary>
/// Stores a large file as chunks, except for those that the store or the file's earlier content has. Chunks are hashed and
/// compressed in parallel, and stored in the order of the file. Not safe for concurrent callers.
/// </summary>
/// <param name="writer">Receives the chunks.</param>
internal sealed class ChunkedFileWriter(ContentWriter writer)
{
    private readonly Dictionary<Digest, BlobLocation> _reusable = [];
    private bool _reusesObject;

    /// <summary>Reuses the chunks of earlier content. Content that is stored as one object is read and divided into
    /// chunks.</summary>
    /// <exception cref="Storage.ObjectLostException">The content is missing or damaged.</exception>
    public async Task ReuseAsync(ContentReader reader, Blob earlier, CancellationToken cancellationToken)
    {
        var list = await reader.ChunksOfAsync(earlier, cancellationToken).ConfigureAwait(false);
        foreach (var chunk in list.Chunks)
            _reusable[chunk.Digest] = chunk.Location;
        _reusesObject = !earlier.Location.IsChunked;
    }

    /// <summary>Reads a file once and stores its new chunks.</summary>
    /// <param name="file">The file, positioned at its start.</param>
    /// <exception cref="FileChangedWhileReadingException">The file was modified while it was read.</exception>
    public async Task<(Blob Blob, bool IsNew)> AddAsync(
        FileReader file,
        TransferProgress progress,
        CancellationToken cancellationToken
    )
    {
        using var source = new ChunkReader(
            (buffer, offset, count) => Task.FromResult(file.Read(buffer, offset, count))
        );
        var (blob, chunks) = await StoreChunksAsync(source, count => progress.AddBytes(count), cancellationToken)
            .ConfigureAwait(false);
        file.CheckUnchanged(blob.Size);
        return await AddListAsync(blob, chunks, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Stores the chunks of content with a known digest.</summary>
    /// <param name="source">Reads the content.</param>
    /// <param name="read">Receives the size of each chunk.</param>
    /// <returns>The stored content; null if its digest is another one.</returns>
    public async Task<Blob?> AddAsync(
        Digest digest,
        ChunkReader source,
        Action<int> read,
        CancellationToken cancellationToken
    )
    {
        var (blob, chunks) = await StoreChunksAsync(source, read, cancellationToken).ConfigureAwait(false);
        return blob.Digest == digest
            ? (await AddListAsync(blob, chunks, cancellationToken).ConfigureAwait(false)).Blob
            : null;
    }

    private async Task<(Blob Blob, bool IsNew)> AddListAsync(
        Blob content,
        List<Blob> chunks,
        CancellationToken cancellationToken
    )
    {
        var stored = await writer
            .FindStoredAsync(content.Digest, content.Size, cancellationToken)
            .ConfigureAwait(false);
        var location =
            stored
            ?? await writer
                .AddChunkedAsync(content.Digest, new ChunkList(chunks), cancellationToken)
                .ConfigureAwait(false);
        return (content with { Location = location }, stored is null);
    }

    private async Task<(Blob Content, List<Blob> Chunks)> StoreChunksAsync(
        ChunkReader source,
        Action<int> read,
        CancellationToken cancellationToken
    )
    {
        using var whole = new Sha256();
        var chunks = new List<Blob>();
        var pending = new Queue<PendingChunk>();
        var hashed = Task.CompletedTask;
        try
        {
            await foreach (var copy in source.CopiesAsync().ConfigureAwait(false))
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (pending.Count == ChunkReader.CopiesAtOnce)
                    await StoreNextAsync().ConfigureAwait(false);
                var chunk = PendingChunk.Begin(copy, hashed, whole, FindAsync, writer.Compression);
                pending.Enqueue(chunk);
                hashed = chunk.Hashed;
            }
            while (pending.Count > 0)
                await StoreNextAsync().ConfigureAwait(false);
        }
        finally
        {
            // Nothing may use the hash after it is disposed.
            await Task.WhenAny(hashed).ConfigureAwait(false);
        }
        return (new Blob(whole.Finish(), chunks.Sum(chunk => chunk.Size), default), chunks);

        async Task StoreNextAsync()
        {
            var next = pending.Peek();
            var stored = await next.StoreAsync(writer, cancellationToken).ConfigureAwait(false);
            pending.Dequeue();
            chunks.Add(stored);
            // Parts of an object are not in the index yet.
            if (_reusesObject && _reusable.TryGetValue(stored.Digest, out var reused) && reused == stored.Location)
                writer.AddToIndexLater(stored);
            read((int)stored.Size);
        }

        ValueTask<BlobLocation?> FindAsync(Digest digest, int size) =>
            _reusable.TryGetValue(digest, out var location)
                ? new ValueTask<BlobLocation?>(location)
                : writer.FindStoredAsync(digest, size, cancellationToken);
    }

    /// <summary>Chunk that is hashed and compressed in the background.</summary>
    private sealed class PendingChunk(
        byte[] buffer,
        int size,
        Task hashed,
        Task<(EncodedBlob Encoded, BlobLocation? Stored)> encoded
    )
    {
        /// <summary>Completes when the chunk and all chunks before it are part of the hash of the file.</summary>
        public Task Hashed => hashed;

        /// <param name="copy">The chunk at the start of a buffer, which this object returns.</param>
        /// <param name="previous">Completes when all chunks before are part of the hash.</param>
        /// <param name="whole">Hash of the file.</param>
        public static PendingChunk Begin(
            ArraySegment<byte> copy,
            Task previous,
            Sha256 whole,
            Func<Digest, int, ValueTask<BlobLocation?>> find,
            StoreCompression compression
        )
        {
            var (buffer, size) = (copy.Array!, copy.Count);
            return new PendingChunk(buffer, size, Task.Run(HashAsync), Task.Run(EncodeAsync));

            async Task HashAsync()
            {
                await previous.ConfigureAwait(false);
                whole.Append(buffer, 0, size);
            }

            async Task<(EncodedBlob, BlobLocation?)> EncodeAsync()
            {
                var digest = Sha256.Of(buffer, 0, size);
                var stored = await find(digest, size).ConfigureAwait(false);
                // A stored chunk needs no bytes.
                var content = stored is null ? buffer.AsMemory(0, size) : default;
                return (EncodedBlob.Of(digest, content, compression), stored);
            }
        }

        public async Task<Blob> StoreAsync(ContentWriter writer, CancellationToken cancellationToken)
        {
            var (blob, stored) = await encoded.ConfigureAwait(false);
            using (blob)
            {
                await hashed.ConfigureAwait(false);
                var location =
                    stored ?? (await writer.AddAsync(blob, cancellationToken).ConfigureAwait(false)).Location;
                BlobBuffers.Return(buffer);
                return new Blob(blob.Digest, size, location);
            }
        }
    }
}
