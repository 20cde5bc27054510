using ArtifactsPS.Core.Concurrency;

namespace ArtifactsPS.Core.Tests.Concurrency;

public sealed class InParallelTests
{
    [Fact]
    public async Task Select_work_that_ends_in_reverse_keeps_order()
    {
        var works = Enumerable.Range(0, 3).Select(_ => new TaskCompletionSource<int>()).ToArray();
        var results = new List<(int, int)>();
        var reading = ReadAsync();

        for (var i = works.Length - 1; i >= 0; i--)
            works[i].SetResult(i * 10);
        await reading;

        Assert.Equal([(0, 0), (1, 10), (2, 20)], results);

        async Task ReadAsync()
        {
            await foreach (var result in InParallel.SelectAsync([0, 1, 2], 3, i => works[i].Task))
                results.Add(result);
        }
    }

    [Fact]
    public async Task Select_more_items_than_allowed_starts_few()
    {
        var started = 0;
        await using var results = InParallel
            .SelectAsync(Enumerable.Range(0, 100), 4, i => Task.FromResult(started = i + 1))
            .GetAsyncEnumerator(TestContext.Current.CancellationToken);

        await results.MoveNextAsync();
        Assert.Equal(4, started);
        await results.MoveNextAsync();
        Assert.Equal(5, started);
    }

    [Fact]
    public async Task Select_failed_work_throws_after_earlier_results()
    {
        var results = new List<int>();

        await Assert.ThrowsAsync<InvalidDataException>(async () =>
        {
            var works = InParallel.SelectAsync(
                [1, 2, 3],
                2,
                i => i == 2 ? Task.FromException<int>(new InvalidDataException()) : Task.FromResult(i)
            );
            await foreach (var (item, _) in works)
                results.Add(item);
        });

        Assert.Equal([1], results);
    }
}
