namespace ArtifactsPS.Serialization;

/// <summary>Part of a stream that begins at its position.</summary>
/// <param name="stream">Stream that can seek. Not disposed.</param>
/// <param name="length">Number of bytes.</param>
internal sealed class LimitedStream(Stream stream, long length) : Stream
{
    private readonly long _start = stream.Position;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => length;

    public override long Position
    {
        get => stream.Position - _start;
        set => stream.Position = _start + value;
    }

    public override int Read(byte[] buffer, int offset, int count) =>
        stream.Read(buffer, offset, (int)Math.Min(count, Math.Max(0, length - Position)));

    public override long Seek(long offset, SeekOrigin origin) =>
        Position =
            offset
            + origin switch
            {
                SeekOrigin.Begin => 0,
                SeekOrigin.Current => Position,
                _ => length,
            };

    public override void Flush() { }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
