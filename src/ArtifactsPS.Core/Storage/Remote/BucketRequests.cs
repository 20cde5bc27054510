using System.Diagnostics;
using System.Globalization;

namespace ArtifactsPS.Core.Storage.Remote;

/// <summary>Calls a bucket: within a time limit, stopped at once, and again where that is safe.</summary>
/// <param name="location">The store's, for messages.</param>
/// <param name="timeLimit">For so long a request may make no progress.</param>
internal sealed class BucketRequests(string location, TimeSpan timeLimit)
{
    private const int MaxAttempts = 8;
    private const int FirstPauseMilliseconds = 100;
    private const int LongestPauseMilliseconds = 5000;

    // What doesn't hear that it is cancelled is left alone after so long.
    private const int GraceMilliseconds = 200;

    /// <summary>Makes one call. What comes of it when it is stopped is not waited for.</summary>
    /// <exception cref="BucketException">It failed, or made no progress for too long.</exception>
    public async Task<T> OnceAsync<T>(Func<RequestClock, Task<T>> call, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var clock = new RequestClock(timeLimit, cancellationToken);
        // On the pool: some of what an SDK does blocks before it first waits.
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

    /// <summary>Makes a call that changes nothing, or the same however often it is made, until it is answered.</summary>
    /// <exception cref="StoreUnavailableException">It isn't, or the service refuses.</exception>
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

    /// <summary>Begins to count attempts.</summary>
    public Attempts Begin() => new(location, timeLimit);

    private BucketException Late() =>
        new(
            BucketFailure.Unanswered,
            string.Format(
                CultureInfo.InvariantCulture,
                "the service made no progress within {0:0.###} seconds. -TimeoutSeconds waits longer.",
                timeLimit.TotalSeconds
            )
        );

    /// <summary>The attempts to have one thing done.</summary>
    internal sealed class Attempts(string location, TimeSpan timeLimit)
    {
        // A jitter shared by all processes that began at once would be none.
        private readonly Random _random = new(Guid.NewGuid().GetHashCode());
        private Stopwatch? _sinceFailure;
        private int _failed;

        /// <summary>Waits until it is time for another attempt, a random time that grows; or gives up.</summary>
        /// <exception cref="StoreUnavailableException">Another attempt is of no use, or there were enough.</exception>
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
                    $"{failure.Message} It was tried {_failed} times.",
                    failure.InnerException
                );
            var longest = Math.Min(LongestPauseMilliseconds, FirstPauseMilliseconds << (_failed - 1));
#pragma warning disable CA5394 // Nobody gains by guessing it.
            return Task.Delay(_random.Next(longest / 4, longest + 1), cancellationToken);
#pragma warning restore CA5394
        }
    }
}
