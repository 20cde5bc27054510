using ArtifactsPS.Core.FileSystem;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Content.Blobs;

/// <summary>Content of a large file that is stored as one object. The object has one digest, so that its bytes are checked before the
/// last piece is returned, if they are read from start to end. If any other part is read, the whole content is checked before it is
/// returned.</summary>
internal sealed class ObjectStream : SeekableStream
{
    private const int PieceSize = 1 << 18;

    private readonly ContentReader _reader;
    private readonly Blob _blob;
    private readonly Stream _source;
    private readonly CancellationTokenSource _closing;
    private readonly Sha256 _hash = new();
    private byte[] _piece = [];
    private byte[] _other = [];
    private long _pieceStart;
    private int _pieceLength;
    private Task<int>? _ahead;
    private Stream? _checked;
    private bool _isDisposed;

    private ObjectStream(ContentReader reader, Blob blob, Stream source, CancellationToken cancellationToken)
    {
        (_reader, _blob, _source) = (reader, blob, source);
        _closing = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
    }

    /// <summary>Opens the object of a raw blob.</summary>
    /// <param name="cancellationToken">Also cancels reads.</param>
    /// <exception cref="ObjectMissingException">The object is missing.</exception>
    public static async Task<ObjectStream> OpenAsync(
        ContentReader reader,
        Blob blob,
        CancellationToken cancellationToken
    )
    {
        var (source, offset) = (blob.Location.Object, blob.Location.Offset);
        var stream = await reader.OpenAsync(source, offset, blob.Size, cancellationToken).ConfigureAwait(false);
        return new ObjectStream(reader, blob, stream, cancellationToken);
    }

    public override long Length => _blob.Size;

    private long NextPiece => _pieceStart + _pieceLength;

    /// <exception cref="ObjectCorruptException">The bytes don't match the digest.</exception>
    public override int Read(byte[] buffer, int offset, int count)
    {
        if (count == 0 || Position >= Length)
            return 0;
        int read;
        if (MoveToPosition() is { } whole)
        {
            whole.Position = Position;
            read = whole.Read(buffer, offset, count);
        }
        else
        {
            read = (int)Math.Min(count, NextPiece - Position);
            Buffer.BlockCopy(_piece, (int)(Position - _pieceStart), buffer, offset, read);
        }
        Position += read;
        return read;
    }

    /// <inheritdoc cref="Read"/>
    public override int ReadByte()
    {
        if (_checked is not null || Position < _pieceStart || Position >= NextPiece)
            return base.ReadByte();
        return _piece[(int)(Position++ - _pieceStart)];
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing && !_isDisposed)
        {
            _isDisposed = true;
            _closing.Cancel();
            _checked?.Dispose();
            if (_ahead is null)
                CloseSource();
            else
                _ = _ahead.ContinueWith(
                    read =>
                    {
                        // Observes the failure of a read that nothing waits for.
                        _ = read.Exception;
                        CloseSource();
                    },
                    TaskScheduler.Default
                );
        }
        base.Dispose(disposing);
    }

    private void CloseSource()
    {
        _source.Dispose();
        _hash.Dispose();
        _closing.Dispose();
    }

    // Returns the whole content if it had to be checked for this position; otherwise null, and the position is in the piece.
    private Stream? MoveToPosition()
    {
        if (_checked is not null || (Position >= _pieceStart && Position < NextPiece))
            return _checked;
        if (Position != NextPiece)
            return _checked = Task.Run(() => _reader.OpenCheckedAsync(_blob, _closing.Token)).GetAwaiter().GetResult();
        // The first bytes of a file need no more than one piece.
        var isFirst = _pieceLength == 0;
        var start = NextPiece;
        var length = (_ahead ?? StartReading(start)).GetAwaiter().GetResult();
        (_ahead, _pieceStart, _pieceLength) = (null, start, length);
        (_piece, _other) = (_other, _piece);
        if (NextPiece == Length)
            CheckDigest();
        else if (!isFirst)
            _ahead = StartReading(NextPiece);
        return null;
    }

    // Off the caller's thread, whose context may be that of a pipeline.
    private Task<int> StartReading(long start)
    {
        var token = _closing.Token;
        var length = (int)Math.Min(PieceSize, Length - start);
        if (_other.Length < length)
            _other = new byte[length];
        var buffer = _other;
        return Task.Run(
            async () =>
            {
                if (await _source.ReadFullyAsync(buffer, 0, length, token).ConfigureAwait(false) < length)
                    throw Damage();
                _hash.Append(buffer, 0, length);
                return length;
            },
            token
        );
    }

    private void CheckDigest()
    {
        if (_hash.Finish() != _blob.Digest)
            throw Damage();
    }

    private ObjectCorruptException Damage()
    {
        // The bytes may come from a cache.
        (_reader.Store as ICachedStore)?.Drop(_blob.Location.Object.Key);
        return _reader.Mismatch(_blob);
    }
}
