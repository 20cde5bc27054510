using System.Collections.Concurrent;
using System.Globalization;

namespace ArtifactsPS.Core.Tests.References;

public sealed class TargetListerTests
{
    [Theory]
    [InlineData("flat", 12_345)]
    [InlineData("few folders", 12_345)]
    [InlineData("many folders", 12_345)]
    [InlineData("one folder of folders", 12_345)]
    [InlineData("folders and files", 12_345)]
    [InlineData("flat", 999)]
    [InlineData("many folders", 1000)]
    [InlineData("flat", 0)]
    public async Task Listing_finds_each_target_once_in_few_requests(string layout, int count)
    {
        var source = new FakeReferenceSource();
        var expected = Enumerable.Range(0, count).Select(i => KeyOf(layout, i)).ToList();
        foreach (var key in expected)
            source.Set("raw/" + key, "1");
        source.Set("raw-other", "1");
        source.Set("raw0/a", "1");

        var found = await ListAsync(source, long.MaxValue);

        Assert.Equal(expected.Order(StringComparer.Ordinal), found.Order(StringComparer.Ordinal));
        Assert.InRange(source.Requests.Count, 1, count / 1000 + (count < 4000 ? 1 : 12));
    }

    [Fact]
    public async Task Parts_of_long_listing_are_requested_at_a_time()
    {
        var source = new FakeReferenceSource();
        for (var i = 0; i < 20_000; i++)
            source.Set("raw/" + KeyOf("few folders", i), "1");
        var (now, most) = (0, 0);
        var pages = new SemaphoreSlim(0);
        var lister = new TargetLister(
            source.ToService(),
            NamedTarget.Of(FakeReferenceSource.Root + "raw/"),
            long.MaxValue
        );

        await lister.ListAsync(
            async _ =>
            {
                // The pages of the first part wait for another part.
                most = Math.Max(most, Interlocked.Increment(ref now));
                if (lister.Count > 4000 && most < 2)
                    await pages.WaitAsync(Token);
                else
                    pages.Release();
                Interlocked.Decrement(ref now);
            },
            Token
        );

        Assert.InRange(most, 2, 8);
        Assert.Equal(20_000, lister.Count);
    }

    [Fact]
    public async Task Service_without_starts_is_listed_in_sequence()
    {
        var source = new FakeReferenceSource { ListsFromKeys = false };
        for (var i = 0; i < 7000; i++)
            source.Set("raw/" + KeyOf("many folders", i), "1");

        Assert.Equal(7000, (await ListAsync(source, long.MaxValue)).Distinct().Count());
        Assert.InRange(source.Requests.Count, 7, 9);
    }

    [Fact]
    public async Task More_targets_than_allowed_are_an_error()
    {
        var source = new FakeReferenceSource();
        for (var i = 0; i < 5001; i++)
            source.Set("raw/" + KeyOf("many folders", i), "1");

        Assert.Equal(5001, (await ListAsync(source, 5001)).Count);
        var error = await Assert.ThrowsAsync<ReferenceLimitExceededException>(() => ListAsync(source, 5000));
        Assert.Contains("-MaxObjects", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Service_without_listing_is_recognized()
    {
        var source = new FakeReferenceSource { Lists = false };
        var lister = new TargetLister(source.ToService(), NamedTarget.Of(FakeReferenceSource.Root), 1);

        Assert.False(await lister.ListAsync(_ => Task.CompletedTask, Token));
    }

    private static async Task<IReadOnlyCollection<string>> ListAsync(FakeReferenceSource source, long limit)
    {
        var found = new ConcurrentQueue<string>();
        var lister = new TargetLister(source.ToService(), NamedTarget.Of(FakeReferenceSource.Root + "raw/"), limit);
        var lists = await lister.ListAsync(
            page =>
            {
                foreach (var target in page)
                    found.Enqueue(target.RelativePath);
                return Task.CompletedTask;
            },
            Token
        );
        Assert.True(lists);
        return found;
    }

    private static string KeyOf(string layout, int i)
    {
        var number = i.ToString("D6", CultureInfo.InvariantCulture);
        return layout switch
        {
            "flat" => number,
            "few folders" => $"{(char)('a' + i % 5)}/{number}",
            "many folders" => $"{i % 700:D3}/{number}",
            "one folder of folders" => $"data/year={2000 + i % 30}/\uE000{number}",
            _ => i % 2 == 0 ? $"{i % 20}/x/{number}" : number,
        };
    }
}
