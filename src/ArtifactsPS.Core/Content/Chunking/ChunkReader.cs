using ArtifactsPS.Core.Content.Blobs;

namespace ArtifactsPS.Core.Content.Chunking;

/// <summary>Divides content into the chunks of <see cref="GearChunker"/>.</summary>
/// <param name="read">Reads the given count of bytes into a buffer; fewer only at the end of the content.</param>
internal sealed class ChunkReader(Func<byte[], int, int, Task<int>> read) : IDisposable
{
    /// <summary>Number of chunks to process at once, so that all processors have work while the next chunk is read.</summary>
    public static readonly int CopiesAtOnce = Environment.ProcessorCount + 1;

    private const int BufferSize = 4 * GearChunker.MaxSize;

    private readonly byte[] _buffer = BlobBuffers.Rent(BufferSize);
    private int _start;
    private int _end;
    private bool _ended;
    private bool _isDisposed;

    /// <summary>Returns the next chunk, which is valid until the next call; empty at the end.</summary>
    public async ValueTask<ArraySegment<byte>> NextAsync()
    {
        if (!_ended && _end - _start < GearChunker.MaxSize)
            await FillAsync().ConfigureAwait(false);
        var size = GearChunker.NextSize(_buffer.AsSpan(_start, _end - _start));
        var chunk = new ArraySegment<byte>(_buffer, _start, size);
        _start += size;
        return chunk;
    }

    /// <summary>Returns all chunks, each at the start of a buffer of its own. The caller returns these to
    /// <see cref="BlobBuffers"/>.</summary>
    public async IAsyncEnumerable<ArraySegment<byte>> CopiesAsync()
    {
        while (await NextAsync().ConfigureAwait(false) is { Count: > 0 } chunk)
        {
            var copy = BlobBuffers.Rent(chunk.Count);
            chunk.AsSpan().CopyTo(copy);
            yield return new ArraySegment<byte>(copy, 0, chunk.Count);
        }
    }

    public void Dispose()
    {
        if (_isDisposed)
            return;
        _isDisposed = true;
        BlobBuffers.Return(_buffer);
    }

    private async Task FillAsync()
    {
        Buffer.BlockCopy(_buffer, _start, _buffer, 0, _end - _start);
        (_start, _end) = (0, _end - _start);
        var requested = _buffer.Length - _end;
        var count = await read(_buffer, _end, requested).ConfigureAwait(false);
        _end += count;
        _ended = count < requested;
    }
}
