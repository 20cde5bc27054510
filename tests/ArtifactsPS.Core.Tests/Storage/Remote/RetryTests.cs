using ArtifactsPS.Core.Tests.Fixtures;

namespace ArtifactsPS.Core.Tests.Storage.Remote;

/// <summary>Retries by a clock that the tests move.</summary>
public sealed class RetryTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private readonly SteppedTime _time = new();

    private TimeSpan Now => _time.Now;

    [Fact]
    public async Task Request_is_repeated_until_the_service_answers()
    {
        using var store = Open(_ => Now < TimeSpan.FromSeconds(100) ? ScriptedBucket.Unanswered() : NoKey());
        Assert.False(await _time.PassAsync(store.ExistsAsync("key", Token)));
        Assert.InRange(Now.TotalSeconds, 100, 110);
        Assert.Null(store.Wait);
    }

    [Fact]
    public async Task Outage_longer_than_limit_is_an_error()
    {
        using var store = Open(_ => ScriptedBucket.Unanswered());
        var error = await Assert.ThrowsAsync<StoreUnavailableException>(() =>
            _time.PassAsync(store.ExistsAsync("key", Token))
        );
        Assert.InRange(Now.TotalSeconds, 120, 121);
        Assert.Contains("can't be reached", error.Message, StringComparison.Ordinal);
        Assert.Contains("in 120 seconds", error.Message, StringComparison.Ordinal);
        Assert.Contains(RequestLimits.RetryOption, error.Message, StringComparison.Ordinal);
        Assert.Null(store.Wait);
    }

    [Fact]
    public async Task Requests_share_the_time_of_an_outage()
    {
        using var store = Open(_ => ScriptedBucket.Unanswered());
        var first = store.ExistsAsync("first", Token);
        await _time.PassAsync(TimeSpan.FromSeconds(100), first);
        var second = store.ExistsAsync("second", Token);
        await _time.PassAsync(TimeSpan.FromMinutes(5), first, second);
        await Assert.ThrowsAsync<StoreUnavailableException>(() => _time.PassAsync(first));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => _time.PassAsync(second));
        Assert.InRange(Now.TotalSeconds, 120, 121);
        // Later requests fail at the first attempt.
        var requests = ((ScriptedBucket)store.Bucket).Requests;
        await Assert.ThrowsAsync<StoreUnavailableException>(() => store.ExistsAsync("third", Token));
        Assert.Equal(requests + 1, ((ScriptedBucket)store.Bucket).Requests);
    }

    [Fact]
    public async Task New_command_has_the_full_time()
    {
        using var store = Open(_ => ScriptedBucket.Unanswered());
        await Assert.ThrowsAsync<StoreUnavailableException>(() => _time.PassAsync(store.ExistsAsync("key", Token)));
        store.RestartRetries();
        await Assert.ThrowsAsync<StoreUnavailableException>(() => _time.PassAsync(store.ExistsAsync("key", Token)));
        Assert.InRange(Now.TotalSeconds, 240, 242);
    }

    [Fact]
    public async Task Later_outage_has_the_full_time()
    {
        var isDown = true;
        using var store = Open(_ => isDown ? ScriptedBucket.Unanswered() : NoKey());
        var first = store.ExistsAsync("key", Token);
        await _time.PassAsync(TimeSpan.FromSeconds(100), first);
        isDown = false;
        await _time.PassAsync(first);
        var start = Now;
        isDown = true;
        await Assert.ThrowsAsync<StoreUnavailableException>(() => _time.PassAsync(store.ExistsAsync("key", Token)));
        Assert.InRange((Now - start).TotalSeconds, 120, 121);
    }

    [Fact]
    public async Task One_failing_key_fails_while_others_are_answered()
    {
        using var store = Open(key => key == "bad" ? ScriptedBucket.Unanswered() : NoKey());
        var bad = store.ExistsAsync("bad", Token);
        while (!bad.IsCompleted)
        {
            Assert.False(await store.ExistsAsync("good", Token));
            await _time.PassAsync(TimeSpan.FromSeconds(1), bad);
        }
        await Assert.ThrowsAsync<StoreUnavailableException>(() => bad);
        Assert.InRange(Now.TotalSeconds, 120, 122);
    }

    [Fact]
    public async Task Cancellation_ends_a_pause_at_once()
    {
        using var store = Open(_ => ScriptedBucket.Unanswered());
        using var cancelled = new CancellationTokenSource();
        var waiting = store.ExistsAsync("key", cancelled.Token);
        await _time.PassAsync(TimeSpan.FromSeconds(60), waiting);
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        Assert.Null(store.Wait);
    }

    [Fact]
    public async Task Wait_shows_reason_and_time_left()
    {
        using var store = Open(_ => ScriptedBucket.Unanswered());
        using var cancelled = new CancellationTokenSource();
        Assert.Null(store.Wait);
        var waiting = store.ExistsAsync("key", cancelled.Token);
        await _time.PassAsync(TimeSpan.FromSeconds(30), waiting);
        var wait = store.Wait!;
        Assert.Equal(store.Location, wait.Location);
        Assert.Equal("the service can't be reached.", wait.Reason);
        Assert.InRange(wait.Elapsed.TotalSeconds, 29, 30);
        Assert.InRange(wait.Left.TotalSeconds, 90, 91);
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    [Fact]
    public async Task Unknown_host_is_an_error_at_once()
    {
        using var store = Open(_ => throw new BucketException(BucketFailure.HostUnknown, "the host isn't known."));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => store.ExistsAsync("key", Token));
        Assert.Equal(1, ((ScriptedBucket)store.Bucket).Requests);
    }

    [Fact]
    public async Task Unknown_host_that_answered_before_is_tried_again()
    {
        using var store = Open(key =>
            key == "other" || Now > TimeSpan.FromSeconds(20)
                ? NoKey()
                : throw new BucketException(BucketFailure.HostUnknown, "the host isn't known.")
        );
        await store.ExistsAsync("other", Token);
        Assert.False(await _time.PassAsync(store.ExistsAsync("key", Token)));
    }

    [Fact]
    public async Task Request_without_progress_fails_after_time_limit()
    {
        using var store = new BucketObjectStore(
            new ScriptedBucket(
                async (_, token) =>
                {
                    await Task.Delay(Timeout.Infinite, token);
                    return null;
                }
            ),
            "s3://bucket",
            "",
            new RequestLimits
            {
                Progress = TimeSpan.FromSeconds(30),
                Retry = TimeSpan.Zero,
                Time = _time,
            }
        );
        var error = await Assert.ThrowsAsync<StoreUnavailableException>(() =>
            _time.PassAsync(store.ExistsAsync("key", Token))
        );
        Assert.Contains("30 seconds", error.Message, StringComparison.Ordinal);
        Assert.InRange(Now.TotalSeconds, 30, 31);
    }

    private static Task<BucketKey?> NoKey() => Task.FromResult<BucketKey?>(null);

    private BucketObjectStore Open(Func<string, Task<BucketKey?>> head) =>
        new(
            new ScriptedBucket((key, _) => head(key)),
            "s3://bucket",
            "",
            new RequestLimits
            {
                // Each request ends at once; only pauses take time.
                Progress = TimeSpan.FromDays(1),
                Retry = Limit,
                Time = _time,
            }
        );
}
