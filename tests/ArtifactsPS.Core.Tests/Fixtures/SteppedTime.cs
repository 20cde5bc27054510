using Microsoft.Extensions.Time.Testing;

namespace ArtifactsPS.Core.Tests.Fixtures;

/// <summary>A clock that moves in steps, each once all running operations wait for it.</summary>
internal sealed class SteppedTime : FakeTimeProvider
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(50);

    // Longer timers never fire in a test, so nothing waits for them.
    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    private int _waits;

    /// <summary>Time since the start.</summary>
    public TimeSpan Now => GetUtcNow() - Start;

    /// <summary>Moves the clock until an operation ends.</summary>
    public async Task<T> PassAsync<T>(Task<T> operation)
    {
        while (await StepAsync(operation)) { }
        return await operation;
    }

    /// <summary>Moves the clock while operations wait.</summary>
    public async Task PassAsync(TimeSpan span, params Task[] operations)
    {
        for (var end = Now + span; Now < end && await StepAsync(operations); ) { }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime >= Longest || dueTime == Timeout.InfiniteTimeSpan)
            return base.CreateTimer(callback, state, dueTime, period);
        Interlocked.Increment(ref _waits);
        var counted = new CountedTimer(() => Interlocked.Decrement(ref _waits));
        counted.Inner = base.CreateTimer(
            s =>
            {
                counted.End();
                callback(s);
            },
            state,
            dueTime,
            period
        );
        return counted;
    }

    // False if an operation has ended.
    private async Task<bool> StepAsync(params Task[] operations)
    {
        while (Volatile.Read(ref _waits) < operations.Length)
        {
            if (operations.Any(operation => operation.IsCompleted))
                return false;
            await Task.Yield();
        }
        Advance(Step);
        return true;
    }

    private sealed class CountedTimer(Action ended) : ITimer
    {
        private int _ended;

        public ITimer? Inner { get; set; }

        public void End()
        {
            if (Interlocked.Exchange(ref _ended, 1) == 0)
                ended();
        }

        public bool Change(TimeSpan dueTime, TimeSpan period) => Inner!.Change(dueTime, period);

        public void Dispose()
        {
            End();
            Inner!.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            End();
            return Inner!.DisposeAsync();
        }
    }
}
