using System.Collections.Concurrent;
using System.Globalization;
using FsCheck.Xunit;

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
        Assert.InRange(source.Requests.Count, 1, count / 1000 + (count < 2000 ? 1 : 12));
    }

    [Property(MaxTest = 60)]
    public void Any_keys_are_found_once(int seed)
    {
        var random = new Random(seed);
        var pageSize = random.Next(2, 12);
        var source = new FakeReferenceSource { PageSize = pageSize };
        var keys = RandomKeys(random, random.Next(0, 400));
        foreach (var key in keys)
            source.Set("raw/" + key, "1");

        var found = ListAsync(source, long.MaxValue).GetAwaiter().GetResult();

        Assert.Equal(keys.Order(StringComparer.Ordinal), found.Order(StringComparer.Ordinal));
        // A few for folders and divisions, and one for each part that ends within a page.
        Assert.InRange(source.Requests.Count, 1, keys.Count / pageSize + 14);
    }

    [Theory]
    [InlineData("few folders")]
    [InlineData("flat")]
    [InlineData("hashes")]
    [InlineData("dates")]
    public async Task Parts_of_long_listing_are_requested_at_a_time(string layout)
    {
        var source = new FakeReferenceSource();
        for (var i = 0; i < 20_000; i++)
            source.Set("raw/" + KeyOf(layout, i), "1");
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
                if (lister.Count > 2000 && most < 2)
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
    public async Task Service_that_ignores_starts_is_listed_in_sequence()
    {
        var source = new FakeReferenceSource { IgnoresStarts = true };
        for (var i = 0; i < 7000; i++)
            source.Set("raw/" + KeyOf("hashes", i), "1");

        Assert.Equal(7000, (await ListAsync(source, long.MaxValue)).Distinct().Count());
        Assert.InRange(source.Requests.Count, 7, 9);
    }

    [Fact]
    public async Task Keys_without_order_are_found_once()
    {
        var source = new FakeReferenceSource { Order = (one, other) => EntryPath.Compare(other, one), PageSize = 10 };
        for (var i = 0; i < 500; i++)
            source.Set("raw/" + KeyOf("flat", i), "1");

        Assert.Equal(500, (await ListAsync(source, long.MaxValue)).Distinct().Count());
        Assert.Equal(50, source.Requests.Count);
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
            "hashes" => Sha256.Of(System.Text.Encoding.UTF8.GetBytes(number)).ToString()[7..],
            "dates" => DateTime.UnixEpoch.AddMinutes(i).ToString("yyyy-MM-dd'T'HHmm", CultureInfo.InvariantCulture),
            "few folders" => $"{(char)('a' + i % 5)}/{number}",
            "many folders" => $"{i % 700:D3}/{number}",
            "one folder of folders" => $"data/year={2000 + i % 30}/\uE000{number}",
            _ => i % 2 == 0 ? $"{i % 20}/x/{number}" : number,
        };
    }

    // Different lengths, few or many characters, with beginnings in common, and characters that UTF-16 sorts otherwise.
    private static HashSet<string> RandomKeys(Random random, int count)
    {
        string[][] alphabets =
        [
            ["0", "1"],
            [.. "0123456789".Select(char.ToString)],
            [.. "0123456789abcdef".Select(char.ToString)],
            ["a", "/", "b", "-"],
            ["\uE000", "😀", "😁", "é", "z", "\u0001", "%"],
        ];
        var alphabet = alphabets[random.Next(alphabets.Length)];
        var keys = new HashSet<string>(StringComparer.Ordinal);
        var longest = random.Next(4, 20);
        for (var i = 0; i < count; i++)
        {
            var start = random.Next(3) == 0 ? "img-" : "";
            var length = random.Next(2) == 0 ? longest : random.Next(1, longest + 1);
            keys.Add(start + string.Concat(Enumerable.Range(0, length).Select(_ => random.GetItems(alphabet, 1)[0])));
        }
        return keys;
    }
}
