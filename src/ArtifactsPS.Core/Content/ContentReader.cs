using System.Buffers;
using ArtifactsPS.Platform;
using ArtifactsPS.Stores;

namespace ArtifactsPS.Content;

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
        ObjectHandle source,
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
        ObjectHandle source,
        long offset,
        byte[] buffer,
        int length,
        CancellationToken cancellationToken
    )
    {
        using var stream = await OpenAsync(source, offset, length, cancellationToken).ConfigureAwait(false);
        var total = 0;
        while (total < length)
        {
            var read = await stream.ReadAsync(buffer, total, length - total, cancellationToken).ConfigureAwait(false);
            if (read == 0)
                throw new ObjectCorruptException(Store.Location, source.Key, $"it ends before byte {offset + length}");
            total += read;
        }
    }

    /// <summary>Reads a blob whole and checks it.</summary>
    /// <exception cref="ObjectCorruptException">The bytes don't match the digest.</exception>
    public async Task<byte[]> ReadAsync(Blob blob, CancellationToken cancellationToken)
    {
        if (blob.Location.Object is not { } source)
            return [];
        var bytes = await ReadBytesAsync(source, blob.Location.Offset, checked((int)blob.Size), cancellationToken)
            .ConfigureAwait(false);
        if (Sha256.Of(bytes) != blob.Digest)
            throw Mismatch(blob);
        return bytes;
    }

    /// <summary>Hands a blob's bytes on, piece by piece. Throws at the end if they don't match the digest.</summary>
    public async Task CopyAsync(Blob blob, Func<byte[], int, Task> write, CancellationToken cancellationToken)
    {
        using var hash = new Sha256();
        if (blob.Location.Object is { } source)
        {
            var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
            try
            {
                using var stream = await OpenAsync(source, blob.Location.Offset, blob.Size, cancellationToken)
                    .ConfigureAwait(false);
                var left = blob.Size;
                while (left > 0)
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
            finally
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }
        }
        if (hash.Finish() != blob.Digest)
            throw Mismatch(blob);
    }

    /// <summary>Opens a blob whose bytes were found right: a large one as a temporary file, which goes when the stream is
    /// disposed.</summary>
    /// <exception cref="ObjectMissingException">There is no such object.</exception>
    /// <exception cref="ObjectCorruptException">The bytes don't match the digest.</exception>
    public async Task<Stream> OpenCheckedAsync(Blob blob, CancellationToken cancellationToken)
    {
        if (blob.Size <= MaxInMemory)
            return new MemoryStream(await ReadAsync(blob, cancellationToken).ConfigureAwait(false));
        var file = TemporaryFile.Open();
        try
        {
            await CopyAsync(
                    blob,
                    (bytes, count) => file.WriteAsync(bytes, 0, count, cancellationToken),
                    cancellationToken
                )
                .ConfigureAwait(false);
            file.Position = 0;
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    internal ObjectCorruptException Mismatch(Blob blob) =>
        new(
            Store.Location,
            blob.Location.Object!.Key,
            $"the {blob.Size} bytes from {blob.Location.Offset} on are not those of {blob.Digest}"
        );

    private async Task<Stream> OpenAsync(
        ObjectHandle source,
        long offset,
        long length,
        CancellationToken cancellationToken
    ) =>
        await Store.OpenReadAsync(source.Key, offset, length, cancellationToken).ConfigureAwait(false)
        ?? throw new ObjectMissingException(Store.Location, source.Key);
}
