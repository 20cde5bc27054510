using System.Globalization;
using ArtifactsPS.Core.Concurrency;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Storage.Remote;

/// <summary>Sends requests to a bucket, with a time limit, prompt cancellation, and retries where they are safe.</summary>
/// <param name="location">Location of the store, or the name of another service, for messages.</param>
/// <param name="unavailable">Creates the error for a service that is no store, from a reason with a full stop and its
/// cause; null for a store.</param>
/// <param name="outage">Failures that these requests share with others; null for none.</param>
internal sealed class BucketRequests(
    string location,
    RequestLimits limits,
    Func<string, Exception?, ArtifactsException>? unavailable = null,
    Outage? outage = null
)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    // Time for a cancelled call to end before it is abandoned.
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(200);

    /// <summary>Failures of all requests since the last answer.</summary>
    public Outage Outage { get; } = outage ?? new(location, limits);

    public TimeProvider Time => limits.Time;

    /// <summary>Sends one request. A cancelled request may still be carried out.</summary>
    /// <exception cref="BucketException">The request failed, or made no progress within the time limit.</exception>
    public async Task<T> OnceAsync<T>(Func<RequestClock, Task<T>> call, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var clock = new RequestClock(limits.Progress, limits.Time, cancellationToken);
        // Runs on the pool, because SDKs block before their first await.
        var task = Task.Run(() => call(clock), CancellationToken.None);
        if (await Task.WhenAny(task, clock.Stopped).ConfigureAwait(false) != task)
            await Task.WhenAny(task, Delay.ForAsync(Grace, limits.Time, CancellationToken.None)).ConfigureAwait(false);
        if (!task.IsCompleted)
        {
            _ = task.ContinueWith(
                static (ended, state) =>
                {
                    _ = ended.Exception;
                    ((RequestClock)state!).Dispose();
                },
                clock,
                CancellationToken.None,
                TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default
            );
            cancellationToken.ThrowIfCancellationRequested();
            throw Late();
        }
        using (clock)
            try
            {
                var result = await task.ConfigureAwait(false);
                Outage.End();
                return result;
            }
            catch (Exception) when (cancellationToken.IsCancellationRequested)
            {
                throw new OperationCanceledException(cancellationToken);
            }
            catch (OperationCanceledException)
            {
                throw Late();
            }
    }

    /// <summary>Sends an idempotent request until it is answered.</summary>
    /// <exception cref="StoreUnavailableException">No attempt was answered, or the service refused the request.</exception>
    /// <exception cref="StoreFullException">The service has no room.</exception>
    public async Task<T> RepeatAsync<T>(Func<RequestClock, Task<T>> call, CancellationToken cancellationToken)
    {
        using var attempts = Begin();
        while (true)
            try
            {
                return await OnceAsync(call, cancellationToken).ConfigureAwait(false);
            }
            catch (BucketException e)
            {
                await attempts.FailedAsync(e, cancellationToken).ConfigureAwait(false);
            }
    }

    /// <summary>Starts the retries of one operation.</summary>
    public Attempts Begin() => new(location, limits, Outage, unavailable);

    private BucketException Late() =>
        new(
            BucketFailure.Unanswered,
            string.Format(
                CultureInfo.InvariantCulture,
                "the service made no progress within {0:0.###} seconds. Use -TimeoutSeconds to wait longer.",
                limits.Progress.TotalSeconds
            )
        );

    /// <summary>Attempts at one operation.</summary>
    internal sealed class Attempts(
        string location,
        RequestLimits limits,
        Outage outage,
        Func<string, Exception?, ArtifactsException>? unavailable
    ) : IDisposable
    {
        private readonly BackOff _backOff = new(LongestPause, fixedShare: 0.25, limits.Time);
        private long _firstFailure;
        private int _failed;

        /// <summary>Pauses before the next attempt, or gives up.</summary>
        /// <exception cref="StoreUnavailableException">The service refused the request, or the time for retries is over.</exception>
        /// <exception cref="StoreFullException">The service has no room.</exception>
        public Task FailedAsync(BucketException failure, CancellationToken cancellationToken)
        {
            if (failure.Failure == BucketFailure.Full)
                throw new StoreFullException(location, failure.InnerException, failure.Message);
            if (
                failure.Failure == BucketFailure.Refused
                || (failure.Failure == BucketFailure.HostUnknown && !outage.HasAnswered)
            )
                throw Unavailable(failure.Message, failure.InnerException);
            var outageSince = outage.Add(failure);
            if (_failed++ == 0)
            {
                _firstFailure = outageSince;
                outage.Count(1);
            }
            var elapsed = limits.Time.GetElapsedTime(Math.Min(_firstFailure, outageSince));
            var retry = limits.RetryAfter(failure);
            if (elapsed >= retry)
                throw Unavailable(
                    string.Format(
                        CultureInfo.InvariantCulture,
                        "{0} It failed {1} times in {2:0} seconds. Run the command again{3}.",
                        failure.Message,
                        _failed,
                        elapsed.TotalSeconds,
                        unavailable is null
                            ? $", or set the option {RequestLimits.RetryOption} in the location to wait longer"
                            : ""
                    ),
                    failure.InnerException
                );
            return _backOff.PauseAsync(FirstPause, cancellationToken, most: retry - elapsed);
        }

        private ArtifactsException Unavailable(string what, Exception? inner) =>
            unavailable?.Invoke(what, inner) ?? new StoreUnavailableException(location, what, inner);

        public void Dispose()
        {
            if (_failed > 0)
                outage.Count(-1);
            _failed = 0;
        }
    }
}
