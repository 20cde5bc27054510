using ArtifactsPS.Core.FileSystem;

namespace ArtifactsPS.Core.Storage.Remote;

/// <summary>Cancels a request that makes no progress within the time limit.</summary>
internal sealed class RequestClock : IDisposable
{
    private readonly TimeSpan _limit;
    private readonly ITimer _timer;
    private readonly CancellationTokenSource _source;
    private readonly TaskCompletionSource<bool> _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenRegistration _registration;

    public RequestClock(TimeSpan limit, TimeProvider time, CancellationToken cancellationToken)
    {
        _limit = limit;
        _source = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Token = _source.Token;
        _registration = Token.Register(() => _stopped.TrySetResult(true));
        _timer = time.CreateTimer(_ => Stop(), state: null, limit, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Cancelled after the time limit, or by the caller.</summary>
    public CancellationToken Token { get; }

    /// <summary>Completes when <see cref="Token"/> is cancelled.</summary>
    public Task Stopped => _stopped.Task;

    /// <summary>Restarts the time limit after progress.</summary>
    public void Restart()
    {
        try
        {
            _timer.Change(_limit, Timeout.InfiniteTimeSpan);
        }
        catch (ObjectDisposedException)
        {
            // The answer arrived before all bytes of the request were read.
        }
    }

    /// <summary>Wraps a stream so that each read counts as progress.</summary>
    /// <param name="inner">The stream, which is rewound; not owned.</param>
    public Stream Watch(Stream inner)
    {
        inner.Position = 0;
        return new WatchedStream(inner, this);
    }

    public void Dispose()
    {
        _timer.Dispose();
        _registration.Dispose();
        _source.Dispose();
    }

    private void Stop()
    {
        try
        {
            _source.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The request ended at the same moment.
        }
    }

    private sealed class WatchedStream(Stream inner, RequestClock clock) : ReadOnlyStream
    {
        public override bool CanSeek => true;
        public override long Length => inner.Length;
        public override long Position
        {
            get => inner.Position;
            set => inner.Position = value;
        }

        public override int Read(byte[] buffer, int offset, int count)
        {
            clock.Restart();
            return inner.Read(buffer, offset, count);
        }

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
        {
            clock.Restart();
            return inner.ReadAsync(buffer, offset, count, cancellationToken);
        }

#if NET
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            clock.Restart();
            return inner.ReadAsync(buffer, cancellationToken);
        }
#endif

        public override long Seek(long offset, SeekOrigin origin) => inner.Seek(offset, origin);
    }
}
