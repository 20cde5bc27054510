using System.Diagnostics;
using System.Globalization;
using ArtifactsPS.Core.Concurrency;

namespace ArtifactsPS.Core.Storage.Remote;

/// <summary>Sends requests to a bucket, with a time limit, prompt cancellation, and retries where they are safe.</summary>
/// <param name="location">Location of the store, for messages.</param>
/// <param name="timeLimit">Time without progress after which a request fails.</param>
internal sealed class BucketRequests(string location, TimeSpan timeLimit)
{
    private const int MaxAttempts = 8;
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    // Time for a cancelled call to end before it is abandoned.
    private const int GraceMilliseconds = 200;

    /// <summary>Sends one request. A cancelled request may still be carried out.</summary>
    /// <exception cref="BucketException">The request failed, or made no progress within the time limit.</exception>
    public async Task<T> OnceAsync<T>(Func<RequestClock, Task<T>> call, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var clock = new RequestClock(timeLimit, cancellationToken);
        // Runs on the pool, because SDKs block before their first await.
        var task = Task.Run(() => call(clock), CancellationToken.None);
        if (await Task.WhenAny(task, clock.Stopped).ConfigureAwait(false) != task)
            await Task.WhenAny(task, Task.Delay(GraceMilliseconds, CancellationToken.None)).ConfigureAwait(false);
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
                return await task.ConfigureAwait(false);
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
        var attempts = Begin();
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
    public Attempts Begin() => new(location, timeLimit);

    private BucketException Late() =>
        new(
            BucketFailure.Unanswered,
            string.Format(
                CultureInfo.InvariantCulture,
                "the service made no progress within {0:0.###} seconds. Use -TimeoutSeconds to wait longer.",
                timeLimit.TotalSeconds
            )
        );

    /// <summary>Attempts at one operation.</summary>
    internal sealed class Attempts(string location, TimeSpan timeLimit)
    {
        private readonly BackOff _backOff = new(LongestPause, fixedShare: 0.25);
        private Stopwatch? _sinceFailure;
        private int _failed;

        /// <summary>Pauses before the next attempt, or gives up.</summary>
        /// <exception cref="StoreUnavailableException">The service refused the request, or the attempts are used up.</exception>
        /// <exception cref="StoreFullException">The service has no room.</exception>
        public Task FailedAsync(BucketException failure, CancellationToken cancellationToken)
        {
            _sinceFailure ??= Stopwatch.StartNew();
            _failed++;
            if (failure.Failure == BucketFailure.Full)
                throw new StoreFullException(location, failure.InnerException, failure.Message);
            if (failure.Failure == BucketFailure.Refused)
                throw new StoreUnavailableException(location, failure.Message, failure.InnerException);
            var isLate = _sinceFailure.Elapsed > timeLimit + timeLimit;
            if (_failed >= MaxAttempts || (isLate && _failed > 1))
                throw new StoreUnavailableException(
                    location,
                    $"{failure.Message} It failed {_failed} times.",
                    failure.InnerException
                );
            return _backOff.PauseAsync(FirstPause, cancellationToken);
        }
    }
}
