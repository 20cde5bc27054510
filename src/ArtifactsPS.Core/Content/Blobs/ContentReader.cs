using ArtifactsPS.Core.Concurrency;
using ArtifactsPS.Core.Content.Chunking;
using ArtifactsPS.Core.Content.Compression;
using ArtifactsPS.Core.Content.Packs;
using ArtifactsPS.Core.Content.Trash;
using ArtifactsPS.Core.FileSystem;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Content.Blobs;

/// <summary>Reads blobs and checks their bytes against their digests.</summary>
public sealed class ContentReader(IObjectStore store)
{
    private const long MaxInMemory = 16 << 20;

    // Null for a store without a cache.
    private readonly ContentReader? _uncached = store is ICachedStore cached ? new(cached.Uncached) : null;
    private readonly SpooledObjects? _spool;

    /// <summary>Creates a reader that reads some objects as a whole, and never from a cache.</summary>
    internal ContentReader(IObjectStore store, SpooledObjects spool)
        : this(store.WithoutCache()) => _spool = spool;

    public IObjectStore Store { get; } = store;

    /// <summary>Runs a read that checks its bytes. If they are damaged and may come from a cache, drops them there and reads once more
    /// from the store itself.</summary>
    /// <param name="read">Reads with the given reader. Called again after a failure.</param>
    internal async Task<T> RereadAsync<T>(Func<ContentReader, Task<T>> read)
    {
        try
        {
            return await read(this).ConfigureAwait(false);
        }
        catch (ObjectCorruptException e) when (_uncached is not null)
        {
            ((ICachedStore)Store).Drop(e.Key);
        }
        return await read(_uncached).ConfigureAwait(false);
    }

    /// <summary>Reads bytes of an object without checking them.</summary>
    /// <exception cref="ObjectMissingException">The object is missing.</exception>
    /// <exception cref="ObjectCorruptException">The object ends early.</exception>
    internal async Task<byte[]> ReadBytesAsync(
        StoredObject source,
        long offset,
        int length,
        CancellationToken cancellationToken
    )
    {
        var bytes = new byte[length];
        await ReadBytesAsync(source, offset, bytes, length, cancellationToken).ConfigureAwait(false);
        return bytes;
    }

    /// <summary>Reads bytes of an object into the start of a buffer without checking them.</summary>
    internal async Task ReadBytesAsync(
        StoredObject source,
        long offset,
        byte[] buffer,
        int length,
        CancellationToken cancellationToken
    )
    {
        using var stream = await OpenAsync(source, offset, length, cancellationToken).ConfigureAwait(false);
        if (await stream.ReadFullyAsync(buffer, 0, length, cancellationToken).ConfigureAwait(false) < length)
            throw new ObjectCorruptException(Store.Location, source.Key, $"it ends before byte {offset + length}");
    }

    /// <summary>Reads a whole blob into memory and checks it.</summary>
    /// <exception cref="ObjectCorruptException">The bytes don't match the digest.</exception>
    public Task<byte[]> ReadAsync(Blob blob, CancellationToken cancellationToken) =>
        RereadAsync(reader => reader.ReadOnceAsync(blob, cancellationToken));

    private async Task<byte[]> ReadOnceAsync(Blob blob, CancellationToken cancellationToken)
    {
        if (blob.Location.IsEmpty)
            return blob.Digest == Digest.OfNothing ? [] : throw Mismatch(blob);
        if (blob.Location.IsChunked)
            return await JoinAsync(blob, cancellationToken).ConfigureAwait(false);
        var isFrame = blob.Location.Encoding == BlobEncoding.Zstandard;
        if (isFrame)
            CheckFrameSize(blob);
        var bytes = await ReadBytesAsync(
                blob.Location.Object,
                blob.Location.Offset,
                checked((int)blob.StoredLength),
                cancellationToken
            )
            .ConfigureAwait(false);
        if (isFrame)
            bytes = ContentBuffer.TryDecompress(
                blob,
                new ArraySegment<byte>(bytes),
                size => new byte[size],
                out var content
            )
                ? content.Array!
                : throw Mismatch(blob);
        if (Sha256.Of(bytes) != blob.Digest)
            throw Mismatch(blob);
        return bytes;
    }

    /// <summary>Checks the size of a compressed blob before its frame is read, which is shorter: a damaged entry can state any
    /// size.</summary>
    /// <exception cref="ObjectCorruptException">The blob is larger than the content of any frame.</exception>
    internal void CheckFrameSize(Blob blob)
    {
        if (blob.Size > ZstandardFrame.MaxContentSize)
            throw Mismatch(blob);
    }

    /// <summary>Reads a blob piece by piece. The digest can be checked only after the last piece was written. A caller that can start
    /// again calls this in <see cref="RereadAsync"/>.</summary>
    /// <param name="write">Receives a buffer and its number of bytes. The buffer is reused afterwards.</param>
    /// <exception cref="ObjectCorruptException">The bytes don't match the digest.</exception>
    public async Task CopyAsync(Blob blob, Func<byte[], int, Task> write, CancellationToken cancellationToken)
    {
        using var hash = new PipelinedHash();
        List<ChunkRun> runs = [];
        try
        {
            runs.AddRange(await RunsOfAsync(blob, cancellationToken).ConfigureAwait(false));
            foreach (var run in runs)
                await run.CopyAsync(this, hash, write, cancellationToken).ConfigureAwait(false);
            if (await hash.FinishAsync().ConfigureAwait(false) != blob.Digest)
                throw Mismatch(blob);
        }
        catch (ObjectCorruptException)
        {
            foreach (var key in runs.Select(run => run.Key).Distinct(StringComparer.Ordinal))
                (Store as ICachedStore)?.Drop(key);
            throw;
        }
    }

    private async ValueTask<IEnumerable<ChunkRun>> RunsOfAsync(Blob blob, CancellationToken cancellationToken)
    {
        if (blob.Location.IsEmpty)
            return [];
        if (!blob.Location.IsChunked)
            return [new ChunkRun([blob])];
        var list = await ReadChunkListAsync(blob.Location, cancellationToken).ConfigureAwait(false);
        // Checked before the first byte is delivered.
        return list.Chunks.Sum(chunk => chunk.Size) == blob.Size ? ChunkRun.Split(list.Chunks) : throw Mismatch(blob);
    }

    /// <summary>Reads the list of a large file's chunks.</summary>
    /// <exception cref="ObjectMissingException">The object with the list is missing.</exception>
    /// <exception cref="ObjectCorruptException">The list is damaged.</exception>
    internal Task<ChunkList> ReadChunkListAsync(BlobLocation location, CancellationToken cancellationToken) =>
        RereadAsync(reader => reader.ReadChunkListOnceAsync(location, cancellationToken));

    private async Task<ChunkList> ReadChunkListOnceAsync(BlobLocation location, CancellationToken cancellationToken)
    {
        var source = location.Object;
        var bytes = await ReadBytesAsync(source, location.Offset, location.EncodedLength, cancellationToken)
            .ConfigureAwait(false);
        try
        {
            return ChunkList.Decode(ZstandardFrame.DecompressJson(bytes, ChunkList.MaxLength), source);
        }
        catch (InvalidDataException e)
        {
            throw new ObjectCorruptException(
                Store.Location,
                source.Key,
                $"the list of chunks at byte {location.Offset} can't be read ({e.Message})"
            );
        }
    }

    /// <summary>Returns the chunks of a large file. A file that is stored as one object is read and divided into
    /// chunks.</summary>
    /// <exception cref="ObjectMissingException">The file's object is missing.</exception>
    internal async Task<ChunkList> ChunksOfAsync(Blob blob, CancellationToken cancellationToken)
    {
        if (blob.Location.IsChunked)
            return await ReadChunkListAsync(blob.Location, cancellationToken).ConfigureAwait(false);
        var chunks = new List<Blob>();
        var offset = blob.Location.Offset;
        using var stream = await OpenAsync(blob.Location.Object, offset, blob.Size, cancellationToken)
            .ConfigureAwait(false);
        using var source = new ChunkReader(
            (buffer, start, count) => stream.ReadFullyAsync(buffer, start, count, cancellationToken)
        );
        var hashed = InParallel.SelectAsync(
            source.CopiesAsync(),
            ChunkReader.CopiesAtOnce,
            chunk => Task.Run(() => Sha256.Of(chunk.Array!, 0, chunk.Count), cancellationToken)
        );
        await foreach (var (chunk, digest) in hashed.ConfigureAwait(false))
        {
            chunks.Add(new Blob(digest, chunk.Count, new BlobLocation(blob.Location.Container, offset)));
            offset += chunk.Count;
            BlobBuffers.Return(chunk.Array!);
        }
        return new ChunkList(chunks);
    }

    /// <summary>Returns the digests of all objects that hold a part of a blob.</summary>
    internal async ValueTask<IEnumerable<Digest>> ObjectsOfAsync(
        BlobLocation location,
        CancellationToken cancellationToken
    )
    {
        if (location.StoredIn is not { } first)
            return [];
        if (!location.IsChunked)
            return [first];
        var list = await ReadChunkListAsync(location, cancellationToken).ConfigureAwait(false);
        return list.Chunks.Select(chunk => chunk.Location.Object.Digest).Append(first).Distinct();
    }

    /// <summary>Reads and checks a blob, then opens it as a stream. A large blob is copied to a temporary file, which is
    /// deleted when the stream is disposed.</summary>
    /// <exception cref="ObjectMissingException">The object is missing.</exception>
    /// <exception cref="ObjectCorruptException">The bytes don't match the digest.</exception>
    public async Task<Stream> OpenCheckedAsync(Blob blob, CancellationToken cancellationToken)
    {
        if (blob.Size <= MaxInMemory)
            return new MemoryStream(await ReadAsync(blob, cancellationToken).ConfigureAwait(false));
        return await RereadAsync(reader =>
                TemporaryFile.CreateAsync(write => reader.CopyAsync(blob, write, cancellationToken))
            )
            .ConfigureAwait(false);
    }

    /// <summary>Opens a blob as a stream that can seek. The chunks of a large file are checked when they are read. A large file that
    /// is stored as one object is checked when its end is read, or another part than its start. Other blobs are checked before
    /// this returns.</summary>
    /// <param name="cancellationToken">Also cancels reads from the stream.</param>
    /// <exception cref="ObjectMissingException">The object is missing. Reading the stream can throw it, too.</exception>
    /// <exception cref="ObjectCorruptException">The bytes don't match the digest. Reading the stream can throw it, too.</exception>
    public async Task<Stream> OpenByPieceAsync(Blob blob, CancellationToken cancellationToken)
    {
        if (blob.Size > MaxInMemory && blob.Location.Encoding == BlobEncoding.Raw)
            return await ObjectStream.OpenAsync(this, blob, cancellationToken).ConfigureAwait(false);
        if (!blob.Location.IsChunked)
            return await OpenCheckedAsync(blob, cancellationToken).ConfigureAwait(false);
        var list = await ReadChunkListAsync(blob.Location, cancellationToken).ConfigureAwait(false);
        return list.Chunks.Sum(chunk => chunk.Size) == blob.Size
            ? new ChunkStream(this, blob, list.Chunks, cancellationToken)
            : throw Mismatch(blob);
    }

    private async Task<byte[]> JoinAsync(Blob blob, CancellationToken cancellationToken)
    {
        var bytes = new byte[checked((int)blob.Size)];
        var total = 0;
        await CopyAsync(
                blob,
                (buffer, count) =>
                {
                    Buffer.BlockCopy(buffer, 0, bytes, total, count);
                    total += count;
                    return Task.CompletedTask;
                },
                cancellationToken
            )
            .ConfigureAwait(false);
        return bytes;
    }

    internal ObjectCorruptException Mismatch(Blob blob) =>
        new(
            Store.Location,
            StoreLayout.ObjectKey(blob.Location.StoredIn ?? blob.Digest),
            $"the {blob.Size} bytes at offset {blob.Location.Offset} don't match the digest {blob.Digest}"
        );

    internal async Task<Stream> OpenAsync(
        StoredObject source,
        long offset,
        long length,
        CancellationToken cancellationToken
    ) =>
        (
            _spool is null
                ? null
                : await _spool.TryOpenAsync(source.Digest, offset, length, cancellationToken).ConfigureAwait(false)
        )
        ?? await TrashedObjects
            .OpenReadAsync(Store, source.Digest, offset, length, cancellationToken)
            .ConfigureAwait(false)
        ?? throw new ObjectMissingException(Store.Location, source.Key);
}
