namespace ArtifactsPS.Core.Storage.Remote;

/// <summary>
/// Blocks writers while many spooled bytes are being sent. Only bytes that are being sent count, and sending never waits here, so
/// there is no deadlock.
/// </summary>
internal sealed class SpoolGate
{
    private const long MostBytes = 512L << 20;

#if NET9_0_OR_GREATER
    private readonly Lock _lock = new();
#else
    private readonly object _lock = new();
#endif
    private long _sending;
    private TaskCompletionSource<bool>? _room;

    /// <summary>Waits while too many bytes are being sent.</summary>
    public async ValueTask WaitAsync(CancellationToken cancellationToken)
    {
        while (!HasRoom(out var later))
        {
            var stopped = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
            using (cancellationToken.Register(() => stopped.TrySetResult(true)))
                await Task.WhenAny(later, stopped.Task).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    /// <summary>Counts bytes whose sending starts.</summary>
    public void Enter(long bytes)
    {
        lock (_lock)
            _sending += bytes;
    }

    /// <summary>Counts bytes whose sending has ended, successfully or not.</summary>
    public void Leave(long bytes)
    {
        TaskCompletionSource<bool>? room;
        lock (_lock)
        {
            _sending -= bytes;
            if (_sending > MostBytes)
                return;
            (room, _room) = (_room, null);
        }
        room?.TrySetResult(true);
    }

    private bool HasRoom(out Task later)
    {
        lock (_lock)
        {
            var hasRoom = _sending <= MostBytes;
            if (!hasRoom)
                _room ??= new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
            later = _room?.Task ?? Task.CompletedTask;
            return hasRoom;
        }
    }
}
