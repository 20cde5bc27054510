namespace ArtifactsPS.Core.Content.Chunking;

/// <summary>Reads content chunk by chunk, as <see cref="GearChunker"/> cuts it.</summary>
/// <param name="read">Fills a buffer from the content; less than asked for only at its end.</param>
internal sealed class ChunkReader(Func<byte[], int, int, Task<int>> read)
{
    private const int BufferSize = 4 * GearChunker.MaxSize;

    private readonly byte[] _buffer = new byte[BufferSize];
    private int _start;
    private int _end;
    private bool _ended;

    /// <summary>The next chunk, valid until the one after it is read; empty at the end.</summary>
    public async ValueTask<ArraySegment<byte>> NextAsync()
    {
        if (!_ended && _end - _start < GearChunker.MaxSize)
            await FillAsync().ConfigureAwait(false);
        var size = GearChunker.NextSize(_buffer.AsSpan(_start, _end - _start));
        var chunk = new ArraySegment<byte>(_buffer, _start, size);
        _start += size;
        return chunk;
    }

    private async Task FillAsync()
    {
        Buffer.BlockCopy(_buffer, _start, _buffer, 0, _end - _start);
        (_start, _end) = (0, _end - _start);
        var asked = _buffer.Length - _end;
        var count = await read(_buffer, _end, asked).ConfigureAwait(false);
        _end += count;
        _ended = count < asked;
    }
}
