using ArtifactsPS.Core.FileSystem;
using ArtifactsPS.Core.Storage.Remote;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.References;

/// <summary>
/// Bytes of a target, read once from the start. After a broken connection, the rest is requested again, if the target is still the
/// same. The bytes are as many as the service announced.
/// </summary>
/// <param name="first">The opened target; owned.</param>
/// <param name="isChecked">Whether the caller checks a digest of all bytes.</param>
internal sealed class TargetStream(ReferenceService service, NamedTarget target, TargetRead first, bool isChecked)
    : ForwardStream
{
    private const int BufferSize = 128 << 10;

    private readonly BucketRequests _requests = service.RequestsFor(target);

    // An abandoned read may still write to its buffer, so callers' buffers are never passed to it.
    private byte[] _buffer = new byte[BufferSize];
    private int _taken;
    private int _filled;
    private long _received;
    private bool _isAtEnd;
    private TargetRead? _open = first;

    /// <summary>Properties of the target that the bytes belong to.</summary>
    public TargetProperties Properties { get; } = first.Properties;

    public override int Read(byte[] buffer, int offset, int count) =>
        ReadAsync(buffer, offset, count, CancellationToken.None).GetAwaiter().GetResult();

    /// <exception cref="ReferenceChangedException">The target changed while it was read.</exception>
    /// <exception cref="ReferenceUnavailableException">The bytes can't be read.</exception>
    public override async Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        if (_taken == _filled && !_isAtEnd)
            await ReceiveAsync(cancellationToken).ConfigureAwait(false);
        var read = Math.Min(count, _filled - _taken);
        Buffer.BlockCopy(_buffer, _taken, buffer, offset, read);
        _taken += read;
        return read;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            Drop();
        base.Dispose(disposing);
    }

    private async Task ReceiveAsync(CancellationToken cancellationToken)
    {
        (_taken, _filled) = (0, 0);
        using var attempts = _requests.Begin();
        while (true)
            try
            {
                _open ??= await ReopenAsync(cancellationToken).ConfigureAwait(false);
                var read = await ReadOnceAsync(_open.Stream, _buffer, cancellationToken).ConfigureAwait(false);
                CheckLength(read);
                (_filled, _received, _isAtEnd) = (read, _received + read, read == 0);
                return;
            }
            catch (BucketException e)
            {
                Drop();
                _buffer = new byte[BufferSize];
                await attempts.FailedAsync(e, cancellationToken).ConfigureAwait(false);
            }
            catch (TargetDeniedException e)
            {
                throw new ReferenceAccessDeniedException(target.Item, target.Uri, e.Message);
            }
    }

    private void CheckLength(int read)
    {
        if (Properties.Size is not { } size)
            return;
        if (_received + read > size)
            throw new ReferenceChangedException(
                target.Item,
                target.Uri,
                $"which has more than the {size} bytes that were announced"
            );
        if (read == 0 && _received < size)
            throw new BucketException(BucketFailure.Unanswered, $"the answer ended after {_received} of {size} bytes.");
    }

    private async Task<TargetRead> ReopenAsync(CancellationToken cancellationToken)
    {
        if (!isChecked && _received > 0 && !Properties.HasIdentity)
            throw new ReferenceUnavailableException(
                target.Item,
                target.Uri,
                "the connection broke, and the service doesn't report whether the target is still the same. "
                    + "Run the command again."
            );
        var again =
            await _requests
                .OnceAsync(clock => service.OpenOnceAsync(target, _received, clock.Token), cancellationToken)
                .ConfigureAwait(false)
            ?? throw new ReferenceChangedException(target.Item, target.Uri, "which was deleted while it was read");
        try
        {
            if (Properties.DifferenceTo(again.Properties) is { } difference)
                throw new ReferenceChangedException(
                    target.Item,
                    target.Uri,
                    $"which changed while it was read: its {difference}"
                );
            await SkipAsync(again.Stream, _received - again.Offset, cancellationToken).ConfigureAwait(false);
            return again;
        }
        catch
        {
            again.Stream.Dispose();
            throw;
        }
    }

    // Where the service can't send a range, it sends all bytes again.
    private async Task SkipAsync(Stream stream, long count, CancellationToken cancellationToken)
    {
        while (count > 0)
        {
            var buffer = new byte[(int)Math.Min(BufferSize, count)];
            var read = await ReadOnceAsync(stream, buffer, cancellationToken).ConfigureAwait(false);
            if (read == 0)
                throw new BucketException(BucketFailure.Unanswered, "the answer ended early.");
            count -= read;
        }
    }

    private Task<int> ReadOnceAsync(Stream stream, byte[] buffer, CancellationToken cancellationToken) =>
        _requests.OnceAsync(
            async clock =>
            {
                try
                {
                    return await stream.ReadAsync(buffer, 0, buffer.Length, clock.Token).ConfigureAwait(false);
                }
                catch (InvalidDataException e)
                {
                    throw new BucketException(BucketFailure.Refused, $"its content is invalid: {e.Message}");
                }
                // Each SDK has its own exceptions for a broken connection.
                catch (Exception e) when (e is not (OperationCanceledException or BucketException))
                {
                    throw BucketException.Unreached(e);
                }
            },
            cancellationToken
        );

    private void Drop()
    {
        _open?.Stream.Dispose();
        _open = null;
    }
}
