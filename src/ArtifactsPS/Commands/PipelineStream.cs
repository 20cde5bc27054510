using ArtifactsPS.Core.FileSystem;

namespace ArtifactsPS.Commands;

/// <summary>
/// Reads a stream from the pipeline thread. The bytes come from the thread pool; meanwhile the pipeline thread is free for what the
/// stream needs of it, such as the script blocks of a handler.
/// </summary>
/// <param name="source">The stream; owned.</param>
/// <param name="wait">Waits for a read.</param>
internal sealed class PipelineStream(Stream source, Func<Func<CancellationToken, Task<int>>, int> wait) : ForwardStream
{
    private const int BufferSize = 128 << 10;

    private readonly byte[] _buffer = new byte[BufferSize];
    private int _taken;
    private int _filled;

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
