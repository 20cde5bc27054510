using System.Buffers;
using ArtifactsPS.Core.Content.Chunking;
using ArtifactsPS.Core.FileSystem;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Content.Blobs;

/// <summary>Reads blobs, and delivers only bytes that match their digest.</summary>
public sealed class ContentReader(IObjectStore store)
{
    private const int BufferSize = 1 << 20;
    private const long MaxInMemory = 16 << 20;

    /// <summary>The store that is read.</summary>
    public IObjectStore Store { get; } = store;

    /// <summary>Reads bytes of an object, unchecked.</summary>
    /// <exception cref="ObjectMissingException">There is no such object.</exception>
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

    /// <summary>Reads bytes of an object into a buffer's beginning, unchecked.</summary>
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

    /// <summary>Reads a blob whole and checks it.</summary>
    /// <exception cref="ObjectCorruptException">The bytes don't match the digest.</exception>
    public async Task<byte[]> ReadAsync(Blob blob, CancellationToken cancellationToken)
    {
        if (blob.Location.IsEmpty)
            return blob.Digest == Digest.OfNothing ? [] : throw Mismatch(blob);
        if (blob.Location.IsChunked)
            return await JoinAsync(blob, cancellationToken).ConfigureAwait(false);
        var bytes = await ReadBytesAsync(
                blob.Location.Object,
                blob.Location.Offset,
                checked((int)blob.Size),
                cancellationToken
            )
            .ConfigureAwait(false);
        if (Sha256.Of(bytes) != blob.Digest)
            throw Mismatch(blob);
        return bytes;
    }

    /// <summary>Hands a blob's bytes on, piece by piece. Throws at the end if they don't match the digest.</summary>
    public async Task CopyAsync(Blob blob, Func<byte[], int, Task> write, CancellationToken cancellationToken)
    {
        using var hash = new Sha256();
        if (!blob.Location.IsEmpty)
        {
            var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
            try
            {
                foreach (var (location, size) in await StretchesOfAsync(blob, cancellationToken).ConfigureAwait(false))
                {
                    using var stream = await OpenAsync(location.Object, location.Offset, size, cancellationToken)
                        .ConfigureAwait(false);
                    for (var left = size; left > 0; )
                    {
                        var read = await stream
                            .ReadAsync(buffer, 0, (int)Math.Min(buffer.Length, left), cancellationToken)
                            .ConfigureAwait(false);
                        if (read == 0)
                            throw Mismatch(blob);
                        hash.Append(buffer, 0, read);
                        await write(buffer, read).ConfigureAwait(false);
                        left -= read;
                    }
                }
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }
        }
        if (hash.Finish() != blob.Digest)
            throw Mismatch(blob);
    }

    /// <summary>Reads where the chunks of a large file are.</summary>
    /// <exception cref="ObjectMissingException">The object that holds the list is gone.</exception>
    /// <exception cref="ObjectCorruptException">It holds no such list.</exception>
    internal async Task<ChunkList> ReadChunkListAsync(BlobLocation location, CancellationToken cancellationToken)
    {
        var source = location.Object;
        var bytes = await ReadBytesAsync(source, location.Offset, location.ChunkListLength, cancellationToken)
            .ConfigureAwait(false);
        try
        {
            return ChunkList.Decode(bytes, source);
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

    /// <summary>The chunks of a large file: as its list has them, or cut from the object that it is.</summary>
    /// <exception cref="ObjectMissingException">The object that holds it is gone.</exception>
    internal async Task<ChunkList> ChunksOfAsync(Blob blob, CancellationToken cancellationToken)
    {
        if (blob.Location.IsChunked)
            return await ReadChunkListAsync(blob.Location, cancellationToken).ConfigureAwait(false);
        var chunks = new List<Blob>();
        var offset = blob.Location.Offset;
        using var stream = await OpenAsync(blob.Location.Object, offset, blob.Size, cancellationToken)
            .ConfigureAwait(false);
        var source = new ChunkReader(
            (buffer, start, count) => stream.ReadFullyAsync(buffer, start, count, cancellationToken)
        );
        while (await source.NextAsync().ConfigureAwait(false) is { Count: > 0 } bytes)
        {
            var digest = Sha256.Of(bytes.Array!, bytes.Offset, bytes.Count);
            chunks.Add(new Blob(digest, bytes.Count, new BlobLocation(blob.Location.Container, offset)));
            offset += bytes.Count;
        }
        return new ChunkList(chunks);
    }

    /// <summary>All objects that a blob needs.</summary>
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

    /// <summary>Opens a blob whose bytes were found right: a large one as a temporary file, which goes when the stream is
    /// disposed.</summary>
    /// <exception cref="ObjectMissingException">There is no such object.</exception>
    /// <exception cref="ObjectCorruptException">The bytes don't match the digest.</exception>
    public async Task<Stream> OpenCheckedAsync(Blob blob, CancellationToken cancellationToken)
    {
        if (blob.Size <= MaxInMemory)
            return new MemoryStream(await ReadAsync(blob, cancellationToken).ConfigureAwait(false));
        return await TemporaryFile
            .CreateAsync(write => CopyAsync(blob, write, cancellationToken))
            .ConfigureAwait(false);
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

    private async ValueTask<IEnumerable<(BlobLocation Location, long Size)>> StretchesOfAsync(
        Blob blob,
        CancellationToken cancellationToken
    )
    {
        if (!blob.Location.IsChunked)
            return [(blob.Location, blob.Size)];
        var list = await ReadChunkListAsync(blob.Location, cancellationToken).ConfigureAwait(false);
        // Before a byte is delivered.
        return list.Chunks.Sum(chunk => chunk.Size) == blob.Size ? list.Stretches() : throw Mismatch(blob);
    }

    internal ObjectCorruptException Mismatch(Blob blob) =>
        new(
            Store.Location,
            StoreLayout.ObjectKey(blob.Location.StoredIn ?? blob.Digest),
            $"the {blob.Size} bytes from {blob.Location.Offset} on are not those of {blob.Digest}"
        );

    internal async Task<Stream> OpenAsync(
        StoredObject source,
        long offset,
        long length,
        CancellationToken cancellationToken
    ) =>
        await Store.OpenReadAsync(source.Key, offset, length, cancellationToken).ConfigureAwait(false)
        ?? throw new ObjectMissingException(Store.Location, source.Key);
}
