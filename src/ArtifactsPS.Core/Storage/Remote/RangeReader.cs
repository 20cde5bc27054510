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
    private byte[] _buffer = new byte[(int)Math.Min(BufferSize, Math.Max(0, end - position))];
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

    public void Dispose() => Close();

    private async Task ReceiveAsync(CancellationToken cancellationToken)
    {
        (_taken, _filled) = (0, 0);
        using var attempts = reader.Requests.Begin();
        while (true)
            try
            {
                _open ??= await OpenAsync(cancellationToken).ConfigureAwait(false);
                var (stream, buffer) = (_open.Stream, _buffer);
                var wanted = (int)Math.Min(buffer.Length, end - _received);
                _filled = await reader
                    .Requests.OnceAsync(clock => ReceiveAsync(stream, buffer, wanted, clock), cancellationToken)
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

    private static async Task<int> ReceiveAsync(Stream stream, byte[] buffer, int count, RequestClock clock)
    {
        try
        {
            var read = await stream.ReadAsync(buffer, 0, count, clock.Token).ConfigureAwait(false);
            return read > 0 ? read : throw new BucketException(BucketFailure.Unanswered, "the answer ended early.");
        }
        // Each SDK has its own exceptions for a broken connection.
        catch (Exception e) when (e is not (OperationCanceledException or BucketException))
        {
            throw BucketException.Unreached(e);
        }
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
