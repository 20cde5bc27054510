using ArtifactsPS.Core.FileSystem;

namespace ArtifactsPS.Serialization;

/// <summary>Part of a stream that begins at its position.</summary>
/// <param name="stream">Stream that can seek. Not disposed.</param>
/// <param name="length">Number of bytes.</param>
internal sealed class LimitedStream(Stream stream, long length) : SeekableStream
{
    private readonly long _start = stream.Position;

    public override long Length => length;

    public override long Position
    {
        get => stream.Position - _start;
        set => stream.Position = _start + value;
    }

    public override int Read(byte[] buffer, int offset, int count) =>
        stream.Read(buffer, offset, (int)Math.Min(count, Math.Max(0, length - Position)));
}
