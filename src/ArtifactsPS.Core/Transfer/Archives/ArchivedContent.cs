using System.Buffers;
using System.IO.Compression;
using ArtifactsPS.Core.FileSystem;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Transfer.Archives;

/// <summary>Content of a packed file, unpacked once from its start to its end, and checked against its entry. Not safe for
/// concurrent callers.</summary>
internal sealed class ArchivedContent(ArchivedEntry entry, ZipArchiveEntry file) : IDisposable
{
    private const int BufferSize = 512 << 10;

    private readonly Stream _stream = PackedFile.Open(file);
    private readonly Sha256 _hash = new();
    private readonly byte[] _peeked = ArrayPool<byte>.Shared.Rent(BufferSize);
    private long _remaining = entry.Size!.Value;
    private ArraySegment<byte> _unread;
    private bool _isChecked;

    /// <summary>Returns the first bytes of the content, which a later call reads again. Called before any of it was read.</summary>
    /// <exception cref="InvalidDataException">The content doesn't match the entry.</exception>
    public async Task<ArraySegment<byte>> PeekAsync(CancellationToken cancellationToken)
    {
        var read = await UnpackAsync(_peeked, 0, BufferSize, cancellationToken).ConfigureAwait(false);
        return _unread = new ArraySegment<byte>(_peeked, 0, read);
    }

    /// <summary>Reads until a count of bytes is read, or the content ends.</summary>
    /// <returns>Number of bytes read.</returns>
    /// <exception cref="InvalidDataException">The content doesn't match the entry. Known at its end.</exception>
    public async Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        var copied = Math.Min(count, _unread.Count);
        if (copied > 0)
        {
            Buffer.BlockCopy(_unread.Array!, _unread.Offset, buffer, offset, copied);
            _unread = new ArraySegment<byte>(_unread.Array!, _unread.Offset + copied, _unread.Count - copied);
        }
        return copied == count
            ? copied
            : copied
                + await UnpackAsync(buffer, offset + copied, count - copied, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Reads all of the content.</summary>
    /// <param name="write">Receives a buffer and its number of bytes. The buffer is reused afterwards.</param>
    /// <exception cref="InvalidDataException">The content doesn't match the entry.</exception>
    public async Task CopyAsync(Func<byte[], int, Task> write, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            int read;
            while ((read = await ReadAsync(buffer, 0, BufferSize, cancellationToken).ConfigureAwait(false)) > 0)
                await write(buffer, read).ConfigureAwait(false);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Creates the error for content that doesn't match its entry.</summary>
    public static InvalidDataException Mismatch(ArchivedEntry entry) => new($"'{entry.Path}' doesn't match its digest");

    public void Dispose()
    {
        _stream.Dispose();
        _hash.Dispose();
        ArrayPool<byte>.Shared.Return(_peeked);
    }

    private async Task<int> UnpackAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        var read = await _stream.ReadFullyAsync(buffer, offset, count, cancellationToken).ConfigureAwait(false);
        _remaining -= read;
        if (_remaining < 0)
            throw new InvalidDataException($"'{entry.Path}' is larger than its entry says");
        _hash.Append(buffer, offset, read);
        if (read == count || _isChecked)
            return read;
        _isChecked = true;
        return _hash.Finish() == entry.Digest ? read : throw Mismatch(entry);
    }
}
