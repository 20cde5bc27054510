using Microsoft.Extensions.Time.Testing;

namespace ArtifactsPS.Core.Tests.Storage.Remote;

/// <summary>Clock of requests to a real server, which a test moves. Requests themselves take no time by it, however slow the machine
/// is.</summary>
internal sealed class OutageTime : FakeTimeProvider
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(500);

    // Between attempts at a request. Longer timers limit requests.
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private int _pauses;

    /// <summary>Moves the clock by a time span.</summary>
    /// <param name="waitsForPauses">Whether to move it only while a request waits for its next attempt.</param>
    public async Task PassAsync(TimeSpan span, bool waitsForPauses)
    {
        for (var end = GetUtcNow() + span; GetUtcNow() < end; Advance(Step))
            do await BreatheAsync();
            while (waitsForPauses && Volatile.Read(ref _pauses) == 0);
    }

    /// <summary>Ends all pauses until an operation ends.</summary>
    public async Task EndPausesAsync(Task operation)
    {
        while (!operation.IsCompleted)
        {
            if (Volatile.Read(ref _pauses) > 0)
                Advance(Step);
            await Task.WhenAny(operation, BreatheAsync());
        }
        await operation;
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime > LongestPause)
            return base.CreateTimer(callback, state, dueTime, period);
        var isOver = 0;
        Interlocked.Increment(ref _pauses);
        var timer = base.CreateTimer(
            s =>
            {
                End();
                callback(s);
            },
            state,
            dueTime,
            period
        );
        return new PauseTimer(timer, End);

        void End()
        {
            if (Interlocked.Exchange(ref isOver, 1) == 0)
                Interlocked.Decrement(ref _pauses);
        }
    }

    // Lets requests run. No result depends on how far they come.
    private static Task BreatheAsync() => Task.Delay(TimeSpan.FromMilliseconds(5), Token);

    private sealed class PauseTimer(ITimer inner, Action ended) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => inner.Change(dueTime, period);

        public void Dispose()
        {
            ended();
            inner.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            ended();
            return inner.DisposeAsync();
        }
    }
}
