namespace ArtifactsPS.Commands;

/// <summary>
/// Reads a stream from the pipeline thread. The bytes come from the thread pool; meanwhile the pipeline thread is free for what the
/// stream needs of it, such as the script blocks of a handler.
/// </summary>
/// <param name="source">The stream; owned.</param>
/// <param name="wait">Waits for a read.</param>
internal sealed class PipelineStream(Stream source, Func<Func<CancellationToken, Task<int>>, int> wait) : Stream
{
    private const int BufferSize = 128 << 10;

    private readonly byte[] _buffer = new byte[BufferSize];
    private int _taken;
    private int _filled;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Flush() { }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override int Read(byte[] buffer, int offset, int count)
    {
        if (_taken == _filled)
            (_taken, _filled) = (0, wait(token => source.ReadAsync(_buffer, 0, BufferSize, token)));
        var read = Math.Min(count, _filled - _taken);
        Buffer.BlockCopy(_buffer, _taken, buffer, offset, read);
        _taken += read;
        return read;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            source.Dispose();
        base.Dispose(disposing);
    }
}
