namespace ArtifactsPS.Core.Tests.Concurrency;

/// <summary>Bounded queue of parallel work.</summary>
public sealed class WorkQueueTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    public async Task Queue_of_blocked_workers_accepts_bounded_items(int itemsAtOnce)
    {
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var done = 0;
        using var queue = new WorkQueue<int>(DoAsync, Token, itemsAtOnce);
        var workers = Math.Max(2, Math.Min(Environment.ProcessorCount, 8));
        // Each worker has a share, four wait for each of them, and the next one is being filled.
        var limit = ((5 * workers) + 1) * itemsAtOnce;
        var added = 0;
        var adding = default(ValueTask);
        while (added <= limit && adding.IsCompleted)
        {
            await adding;
            adding = queue.AddAsync(added++);
        }
        Assert.False(adding.IsCompleted);
        Assert.InRange(added, itemsAtOnce, limit);

        release.SetResult();
        await adding;
        await queue.CompleteAsync();
        Assert.Equal(added, done);

        async Task DoAsync(int item, CancellationToken cancellationToken)
        {
            await release.Task;
            Interlocked.Increment(ref done);
        }
    }
}
