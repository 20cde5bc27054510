using ArtifactsPS.Core.FileSystem;

namespace ArtifactsPS.Core.Storage.Remote;

/// <summary>A section of a file as a stream.</summary>
/// <param name="file">The file; owned.</param>
/// <param name="offset">Offset in bytes.</param>
/// <param name="length">Length in bytes, within the file.</param>
internal sealed class FileSection(FileStream file, long offset, long length) : ReadOnlyStream
{
    private long _position = -1;

    public override bool CanSeek => true;
    public override long Length => length;
    public override long Position
    {
        get => Math.Max(_position, 0);
        set
        {
            file.Position = offset + value;
            _position = value;
        }
    }

    public override int Read(byte[] buffer, int offset, int count)
    {
        var read = file.Read(buffer, offset, Limit(count));
        _position += read;
        return read;
    }

    public override async Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        var read = await file.ReadAsync(buffer, offset, Limit(count), cancellationToken).ConfigureAwait(false);
        _position += read;
        return read;
    }

#if NET
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await file.ReadAsync(buffer[..Limit(buffer.Length)], cancellationToken).ConfigureAwait(false);
        _position += read;
        return read;
    }
#endif

    public override long Seek(long offset, SeekOrigin origin) =>
        Position = origin switch
        {
            SeekOrigin.Begin => offset,
            SeekOrigin.Current => Position + offset,
            _ => length + offset,
        };

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            file.Dispose();
        base.Dispose(disposing);
    }

    private int Limit(int count)
    {
        if (_position < 0)
            Position = 0;
        return (int)Math.Min(count, length - _position);
    }
}
