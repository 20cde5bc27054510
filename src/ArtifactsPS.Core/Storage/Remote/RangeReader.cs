using System.Runtime.CompilerServices;

namespace ArtifactsPS.Core.Storage.Remote;

/// <summary>Reads a range of a value. After a broken connection, requests the rest again.</summary>
/// <param name="writer">Writer of the value. Another writer means that the key was created again.</param>
/// <param name="position">Start offset in bytes.</param>
/// <param name="end">End offset in bytes, within the value.</param>
/// <param name="opened">The range, if it is already open; owned.</param>
internal sealed class RangeReader(
    BucketReader reader,
    string key,
    string writer,
    long position,
    long end,
    BucketRead? opened = null
) : IDisposable
{
    private const int BufferSize = 128 << 10;

    // An abandoned read may still write to its buffer, so callers' buffers are never passed to it.
    private byte[] _buffer = [];
    private int _taken;
    private int _filled;
    private long _received = position;
    private BucketRead? _open = opened;

    public bool IsAtEnd => _taken == _filled && _received >= end;

    /// <summary>Reads at least one of the next bytes.</summary>
    /// <exception cref="StoreUnavailableException">The bytes can't be read.</exception>
    public async Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        if (_taken == _filled)
            await ReceiveAsync(cancellationToken).ConfigureAwait(false);
        var read = Math.Min(count, _filled - _taken);
        Buffer.BlockCopy(_buffer, _taken, buffer, offset, read);
        _taken += read;
        return read;
    }

    /// <summary>Reads the whole range, of which nothing was read before, with one time limit for all its pieces.</summary>
    /// <returns>Bytes from <see cref="BucketReader.Buffers"/>, which start with the range.</returns>
    /// <exception cref="StoreUnavailableException">The bytes can't be read.</exception>
    public async Task<byte[]> ReadAllAsync(CancellationToken cancellationToken)
    {
        var start = _received;
        var length = (int)(end - start);
        var bytes = reader.Buffers.Rent(length);
        using var attempts = reader.Requests.Begin();
        while (true)
        {
            var filled = new StrongBox<int>((int)(_received - start));
            try
            {
                _open ??= await OpenAsync(cancellationToken).ConfigureAwait(false);
                var (stream, buffer) = (_open.Stream, bytes);
                await reader
                    .Requests.OnceAsync(
                        clock => ReceiveAllAsync(stream, buffer, length, filled, clock),
                        cancellationToken
                    )
                    .ConfigureAwait(false);
                _received = end;
                return bytes;
            }
            catch (BucketException e)
            {
                Close();
                // An abandoned read may still write to the rest of the bytes.
                var count = Volatile.Read(ref filled.Value);
                var again = reader.Buffers.Rent(length);
                Buffer.BlockCopy(bytes, 0, again, 0, count);
                bytes = again;
                _received = start + count;
                await attempts.FailedAsync(e, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    public void Dispose() => Close();

    private async Task ReceiveAsync(CancellationToken cancellationToken)
    {
        (_taken, _filled) = (0, 0);
        using var attempts = reader.Requests.Begin();
        while (true)
            try
            {
                _open ??= await OpenAsync(cancellationToken).ConfigureAwait(false);
                if (_buffer.Length == 0)
                    _buffer = new byte[(int)Math.Min(BufferSize, end - _received)];
                var (stream, buffer) = (_open.Stream, _buffer);
                var wanted = (int)Math.Min(buffer.Length, end - _received);
                _filled = await reader
                    .Requests.OnceAsync(clock => ReceiveAsync(stream, buffer, 0, wanted, clock), cancellationToken)
                    .ConfigureAwait(false);
                _received += _filled;
                return;
            }
            catch (BucketException e)
            {
                Close();
                _buffer = new byte[_buffer.Length];
                await attempts.FailedAsync(e, cancellationToken).ConfigureAwait(false);
            }
    }

    private static async Task<int> ReceiveAsync(Stream stream, byte[] buffer, int offset, int count, RequestClock clock)
    {
        try
        {
            var read = await stream.ReadAsync(buffer, offset, count, clock.Token).ConfigureAwait(false);
            return read > 0 ? read : throw new BucketException(BucketFailure.Unanswered, "the answer ended early.");
        }
        // Each SDK has its own exceptions for a broken connection.
        catch (Exception e) when (e is not (OperationCanceledException or BucketException))
        {
            throw BucketException.Unreached(e);
        }
    }

    // Counts the bytes that were received, also if it fails.
    private static async Task<bool> ReceiveAllAsync(
        Stream stream,
        byte[] buffer,
        int length,
        StrongBox<int> filled,
        RequestClock clock
    )
    {
        for (var total = filled.Value; total < length; )
        {
            total += await ReceiveAsync(stream, buffer, total, length - total, clock).ConfigureAwait(false);
            Volatile.Write(ref filled.Value, total);
            clock.Restart();
        }
        return true;
    }

    private async Task<BucketRead> OpenAsync(CancellationToken cancellationToken)
    {
        var again = await reader.ReadAsync(key, _received, end - _received, cancellationToken).ConfigureAwait(false);
        if (again is not null && again.Writer == writer && again.TotalLength >= end)
            return again;
        again?.Stream.Dispose();
        throw new StoreUnavailableException(
            reader.Location,
            again is null
                ? $"'{key}' was deleted while it was read."
                : $"'{key}' was deleted and created again while it was read."
        );
    }

    private void Close()
    {
        _open?.Stream.Dispose();
        _open = null;
    }
}
