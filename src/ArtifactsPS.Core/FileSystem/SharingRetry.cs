namespace ArtifactsPS.Core.FileSystem;

/// <summary>
/// Repeats calls of Windows that fail because another program has a file open: a virus scanner, an indexer, a program that
/// synchronizes. Such programs close a file within a moment. Safe for concurrent callers.
/// </summary>
/// <remarks>A denied access may last, and then each file of a folder would wait. After a wait in vain, the next ones are
/// shorter, until one succeeds or a minute has passed.</remarks>
/// <param name="time">The clock.</param>
/// <param name="pause">Waits for a time span.</param>
internal sealed class SharingRetry(TimeProvider time, Action<TimeSpan> pause)
{
    /// <summary>Longest time for which a call is repeated.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan MemoryOfFailures = TimeSpan.FromMinutes(1);

    // 16 ms.
    private const int MaxHalvings = 7;

    private int _failures;
    private long _lastFailure;

    /// <summary>Calls until the error is another one, or the time is over.</summary>
    /// <param name="call">Returns the number of an error of Windows; 0 for success.</param>
    /// <param name="mayPass">Whether the call is repeated after an error.</param>
    /// <returns>The last error; 0 for success.</returns>
    public int Run(Func<int> call, Func<int, bool> mayPass)
    {
        var error = call();
        if (!mayPass(error))
            return error;
        var start = time.GetTimestamp();
        var limit = CurrentLimit();
        for (var next = FirstPause; limit - time.GetElapsedTime(start) is var left && left > TimeSpan.Zero; )
        {
            pause(next < left ? next : left);
            error = call();
            if (!mayPass(error))
            {
                Volatile.Write(ref _failures, 0);
                return error;
            }
            next = next + next < LongestPause ? next + next : LongestPause;
        }
        Volatile.Write(ref _lastFailure, time.GetTimestamp());
        Interlocked.Increment(ref _failures);
        return error;
    }

    private TimeSpan CurrentLimit()
    {
        var failures = Volatile.Read(ref _failures);
        if (failures > 0 && time.GetElapsedTime(Volatile.Read(ref _lastFailure)) > MemoryOfFailures)
            Volatile.Write(ref _failures, failures = 0);
        return TimeSpan.FromTicks(Longest.Ticks >> Math.Min(failures, MaxHalvings));
    }
}
