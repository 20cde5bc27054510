using ArtifactsPS.Core.Content.Blobs;
using ArtifactsPS.Core.FileSystem;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Content.Chunking;

/// <summary>Content of a large file that is stored in chunks. A chunk is read when it is needed, and checked before its first byte is
/// returned. A file that is read from start to end is also checked as a whole, before its last chunk is returned.</summary>
internal sealed class ChunkStream : SeekableStream
{
    // Chunks that are read in the background while the current one is used.
    private const int ChunksAhead = 2;

    private readonly ContentReader _reader;
    private readonly Blob _blob;
    private readonly IReadOnlyList<Blob> _chunks;
    private readonly long[] _starts;
    private readonly CancellationTokenSource _closing;
    private readonly Dictionary<int, Task<byte[]>> _ahead = [];
    private readonly Sha256 _hash = new();
    private long _hashed;
    private bool _isDisposed;
    private int _current = -1;
    private byte[] _bytes = [];

    /// <param name="chunks">Chunks of the file in their order; their sizes add up to that of the file.</param>
    /// <param name="cancellationToken">Cancels reads.</param>
    public ChunkStream(ContentReader reader, Blob blob, IReadOnlyList<Blob> chunks, CancellationToken cancellationToken)
    {
        (_reader, _blob, _chunks) = (reader, blob, chunks);
        _closing = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _starts = new long[chunks.Count];
        for (var i = 1; i < _starts.Length; i++)
            _starts[i] = _starts[i - 1] + chunks[i - 1].Size;
    }

    public override long Length => _blob.Size;

    /// <exception cref="Storage.ObjectMissingException">An object of the file is missing.</exception>
    /// <exception cref="Storage.ObjectCorruptException">The bytes don't match the digest.</exception>
    public override int Read(byte[] buffer, int offset, int count)
    {
        if (count == 0 || !MoveToPosition())
            return 0;
        var start = (int)(Position - _starts[_current]);
        var length = Math.Min(count, _bytes.Length - start);
        Buffer.BlockCopy(_bytes, start, buffer, offset, length);
        Position += length;
        return length;
    }

    public override int ReadByte() => MoveToPosition() ? _bytes[(int)(Position++ - _starts[_current])] : -1;

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing && !_isDisposed)
        {
            _isDisposed = true;
            _closing.Cancel();
            // Observes failures of reads that nothing waits for.
            foreach (var reading in _ahead.Values)
                _ = reading.ContinueWith(read => read.Exception, TaskScheduler.Default);
            _ahead.Clear();
            _closing.Dispose();
            _hash.Dispose();
        }
        base.Dispose(disposing);
    }

    // Loads the chunk of the position. Returns false at the end.
    private bool MoveToPosition()
    {
        if (Position >= Length)
            return false;
        if (_current >= 0 && Position >= _starts[_current] && Position - _starts[_current] < _bytes.Length)
            return true;
        var index = Array.BinarySearch(_starts, Position);
        Load(index >= 0 ? index : ~index - 1);
        return true;
    }

    private void Load(int index)
    {
        var isNext = _current >= 0 && index == _current + 1;
        if (!isNext)
            _ahead.Clear();
        var reading = _ahead.TryGetValue(index, out var started) ? started : Start(index);
        _ahead.Remove(index);
        // The first bytes of a file need no more than one chunk.
        for (var next = index + 1; isNext && next <= index + ChunksAhead && next < _chunks.Count; next++)
            if (!_ahead.ContainsKey(next))
                _ahead.Add(next, Start(next));
        var bytes = reading.GetAwaiter().GetResult();
        if (_hashed == _starts[index])
        {
            _hash.Append(bytes, 0, bytes.Length);
            _hashed += bytes.Length;
            if (_hashed == Length && _hash.Finish() != _blob.Digest)
                throw _reader.Mismatch(_blob);
        }
        (_current, _bytes) = (index, bytes);
    }

    // Off the caller's thread, whose context may be that of a pipeline.
    private Task<byte[]> Start(int index)
    {
        var token = _closing.Token;
        return Task.Run(() => _reader.ReadAsync(_chunks[index], token), token);
    }
}
