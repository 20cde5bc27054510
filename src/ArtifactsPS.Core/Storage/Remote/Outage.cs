namespace ArtifactsPS.Core.Storage.Remote;

/// <summary>
/// Failures of a store's requests since the last answer. All requests share it: a request that first fails during an outage has only
/// the rest of the time for retries. Safe for concurrent callers.
/// </summary>
/// <param name="location">Location of the store.</param>
internal sealed class Outage(string location, RequestLimits limits)
{
    // Without a failure for so long, nothing is being retried: each attempt and pause is shorter.
    private readonly TimeSpan _quiet =
        limits.Progress == Timeout.InfiniteTimeSpan ? limits.Retry : limits.Progress + limits.Progress;
    private readonly object _lock = new();
    private long? _since;
    private long _last;
    private int _waiting;
    private string _reason = "";
    private TimeSpan _retry = limits.Retry;

    /// <summary>Whether the service has ever answered.</summary>
    public bool HasAnswered { get; private set; }

    /// <summary>Current wait; null while the service answers, or nothing waits.</summary>
    public StoreWait? Wait
    {
        get
        {
            lock (_lock)
            {
                if (_waiting == 0 || _since is not { } since)
                    return null;
                var elapsed = limits.Time.GetElapsedTime(since);
                var left = _retry > elapsed ? _retry - elapsed : TimeSpan.Zero;
                return new StoreWait(location, _reason, elapsed, left);
            }
        }
    }

    /// <summary>Ends the outage, because the service answered.</summary>
    public void End()
    {
        lock (_lock)
            (_since, HasAnswered) = (null, true);
    }

    /// <summary>Forgets the outage, because a new command begins.</summary>
    public void Restart()
    {
        lock (_lock)
            _since = null;
    }

    /// <summary>Records a failure.</summary>
    /// <returns>Timestamp of the first failure of the outage.</returns>
    public long Add(BucketException failure)
    {
        lock (_lock)
        {
            var now = limits.Time.GetTimestamp();
            if (_since is null || limits.Time.GetElapsedTime(_last, now) > _quiet)
                _since = now;
            (_last, _reason, _retry) = (now, failure.Message, limits.RetryAfter(failure));
            return _since.Value;
        }
    }

    /// <summary>Counts an operation that waits for the service, or no longer waits.</summary>
    public void Count(int waiting)
    {
        lock (_lock)
            _waiting += waiting;
    }
}
