using System.Text;

namespace ArtifactsPS.Core.Tests.Hostile;

/// <summary>Malicious pages with correct digests.</summary>
public sealed class HostilePageTests : IAsyncLifetime
{
    private HostileVersion _hostile = null!;

    public async ValueTask InitializeAsync() => _hostile = await HostileVersion.CreateAsync();

    public ValueTask DisposeAsync()
    {
        _hostile.Dispose();
        return default;
    }

    [Fact]
    public async Task Undamaged_input_is_accepted() =>
        Assert.True(
            await Fuzzing.SucceedsAsync(
                () => _hostile.UseAsync(_hostile.Good.Record.StoredRoot!),
                "the undamaged version"
            )
        );

    [Fact]
    public Task Damaged_page_of_entries_causes_only_documented_errors() =>
        Fuzzing.ForEachAsync(
            400,
            random => _hostile.UseAsync(_hostile.Store(new Mutator(random).Mutate(_hostile.Entries)))
        );

    [Fact]
    public Task Damaged_page_of_pages_causes_only_documented_errors() =>
        Fuzzing.ForEachAsync(
            150,
            random => _hostile.UseAsync(_hostile.Store(new Mutator(random).Mutate(_hostile.Pages)))
        );

    [Fact]
    public Task Damaged_page_below_valid_page_causes_only_documented_errors() =>
        Fuzzing.ForEachAsync(
            150,
            random =>
            {
                var child = _hostile.Store(new Mutator(random).Mutate(_hostile.Entries), isChild: true);
                return _hostile.UseAsync(child.Level < PageFormat.MaxLevel ? _hostile.Store(child) : child);
            }
        );

    [Fact]
    public Task Wrong_page_reference_causes_only_documented_errors() =>
        Fuzzing.ForEachAsync(
            150,
            random =>
            {
                var good = _hostile.Store(_hostile.Entries, isChild: true);
                long Alter(long number) => random.Next(3) == 0 ? Math.Max(0, number + random.Next(-2, 3)) : number;
                var altered = new PageReference
                {
                    First = random.Next(4) == 0 ? EntryPath.Parse("b") : good.First,
                    Level = random.Next(4) == 0 ? 3 : good.Level,
                    Digest = good.Digest,
                    EntryCount = Alter(good.EntryCount),
                    TotalSize = Alter(good.TotalSize),
                    Location = good.Location with { Offset = Alter(0) },
                    Length = (int)Alter(good.Length),
                };
                return _hostile.UseAsync(_hostile.Store(altered));
            }
        );

    [Fact]
    public async Task Page_that_lists_itself_is_refused()
    {
        // A page can't contain its own digest. This one refers to its own location with another digest.
        var entry = _hostile.Store(_hostile.Entries, isChild: true);
        const string Page = "{\"level\":1,\"objects\":[\"this\"],\"pages\":[{\"first\":\"a\",\"digest\":\"";
        var json = $"{Page}{entry.Digest.Hex}\",\"entries\":1,\"size\":1,\"in\":0,\"at\":0,\"length\":";
        var length = Encoding.UTF8.GetByteCount(json) + "123}]}".Length;
        await CheckRefusedAsync(_hostile.Store($"{json}{length}}}]}}"));
    }

    [Fact]
    public async Task Overlapping_pages_are_refused()
    {
        var first = _hostile.Store(Entries("a", "z"), isChild: true);
        var second = _hostile.Store(Entries("m", "z"), isChild: true);
        await CheckRefusedAsync(_hostile.Store(first, second));
        Assert.True(
            await Fuzzing.SucceedsAsync(
                async () =>
                {
                    var separate = _hostile.Store(first, _hostile.Store(Entries("zz"), isChild: true));
                    await _hostile.UseAsync(separate);
                },
                "pages that don't overlap"
            )
        );
    }

    [Theory]
    [InlineData("level is given twice", "\"level\":0", "\"level\":0,\"level\":0")]
    [InlineData("level is given twice", "]}", "],\"level\":1}")]
    [InlineData("is empty", "\"size\":0", "\"size\":0,\"sha256\":\"{1}\"")]
    [InlineData("absolute URI", "\"size\":0", "\"size\":0,\"uri\":\"no uri\"")]
    [InlineData("U+0000", "\"size\":0", "\"size\":0,\"uri\":\"https://example.com/\\u0000\"")]
    [InlineData("password", "\"size\":0", "\"size\":0,\"uri\":\"https://me:secret@example.com/\"")]
    public async Task Invalid_page_is_reported(string fault, string good, string bad)
    {
        var json = Entries("a").Replace(good, bad.Replace("{1}", new string('1', 64)), StringComparison.Ordinal);
        var error = await CheckRefusedAsync(_hostile.Store(json));
        Assert.Contains(fault, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Total_size_overflow_is_refused()
    {
        var page = $$"""
            {"level":0,"entries":[{"path":"a","uri":"https://x","size":{{long.MaxValue}}},
            {"path":"b","uri":"https://x","size":{{long.MaxValue}}},{"path":"c","uri":"https://x","size":7}]}
            """;
        await CheckRefusedAsync(_hostile.Store(page));
    }

    [Fact]
    public async Task Tree_of_maximum_height_is_read()
    {
        var root = _hostile.Store(Entries("a"), isChild: true);
        while (root.Level < PageFormat.MaxLevel)
            root = WithFirst(_hostile.Store(root), "a");
        Assert.True(await Fuzzing.SucceedsAsync(() => _hostile.UseAsync(root), "the maximum height"));
    }

    private async Task<ObjectCorruptException> CheckRefusedAsync(PageReference root) =>
        await Assert.ThrowsAsync<ObjectCorruptException>(() => _hostile.UseAsync(root));

    private static PageReference WithFirst(PageReference page, string first) =>
        new()
        {
            First = EntryPath.Parse(first),
            Level = page.Level,
            Digest = page.Digest,
            EntryCount = page.EntryCount,
            TotalSize = page.TotalSize,
            Location = page.Location,
            Length = page.Length,
        };

    private static string Entries(params string[] paths) =>
        "{\"level\":0,\"entries\":["
        + string.Join(
            ',',
            paths.Select(path => $"{{\"path\":\"{path}\",\"sha256\":\"{Digest.OfNothing.Hex}\",\"size\":0}}")
        )
        + "]}";
}
