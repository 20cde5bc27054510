using ArtifactsPS.Core.Tests.Fixtures;
using ArtifactsPS.Core.Tests.References;

namespace ArtifactsPS.Core.Tests.Drafts;

[Collection(nameof(MemoryTests))]
public sealed class TargetAdderTests
{
    private const string Root = FakeReferenceSource.Root;

    private readonly FakeReferenceSource _source = new();
    private readonly ResultList<ItemFailure> _failures = [];

    [Fact]
    public async Task Target_is_added_with_its_properties()
    {
        _source.Set("raw/a b.txt", "1234", "e", "v");
        await using var draft = (await TestStore.CreateAsync()).Begin();

        await AddAsync(draft, Root + "raw/a b.txt", new TargetOptions());

        Assert.Equal(["a b.txt fake://bucket/raw/a b.txt 4 e v "], await EntriesAsync(draft));
        Assert.Equal(["probe fake://bucket/raw/a b.txt"], _source.Requests);
    }

    [Theory]
    [InlineData("raw/")]
    [InlineData("raw")]
    public async Task Prefix_adds_a_target_for_each_object(string prefix)
    {
        _source.Set("raw/a", "1");
        _source.Set("raw/b/c", "22");
        _source.Set("rawer", "3");
        await using var draft = (await TestStore.CreateAsync()).Begin();

        await AddAsync(draft, Root + prefix, new TargetOptions { Name = "in" });

        Assert.Equal(
            ["in/a fake://bucket/raw/a 1 e1  ", "in/b/c fake://bucket/raw/b/c 2 e1  "],
            await EntriesAsync(draft)
        );
        Assert.DoesNotContain(_source.Requests, request => request.StartsWith("open", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Excluded_targets_below_prefix_are_left_out()
    {
        foreach (var key in new[] { "raw/a", "raw/a.tmp", "raw/tmp/b", "raw/x/tmp/c", "raw/x/d" })
            _source.Set(key, "1");
        await using var draft = (await TestStore.CreateAsync()).Begin();
        var excluded = new List<string>();

        await AddAsync(
            draft,
            Root + "raw/",
            new TargetOptions
            {
                IsExcluded = path => path.EndsWith("tmp", StringComparison.Ordinal),
                OnExcluded = excluded.Add,
            }
        );

        Assert.Equal(["a", "x/d"], (await EntriesAsync(draft)).Select(entry => entry.Split(' ')[0]));
        Assert.Equal([Root + "raw/a.tmp", Root + "raw/tmp/b", Root + "raw/x/tmp/c"], excluded);
    }

    [Fact]
    public async Task Whole_bucket_is_a_prefix()
    {
        _source.Set("a", "1");
        await using var draft = (await TestStore.CreateAsync()).Begin();

        await AddAsync(draft, "fake://bucket/", new TargetOptions());

        Assert.Single(await EntriesAsync(draft));
    }

    [Fact]
    public async Task Prefix_without_checksum_is_one_entry()
    {
        _source.Set("raw/a", "1");
        await using var draft = (await TestStore.CreateAsync()).Begin();

        await AddAsync(draft, Root + "raw/", new TargetOptions { IsUriOnly = true });

        Assert.Equal(["raw fake://bucket/raw/    "], await EntriesAsync(draft));
        Assert.Empty(_source.Requests);
    }

    [Fact]
    public async Task Missing_target_is_not_found()
    {
        await using var draft = (await TestStore.CreateAsync()).Begin();
        await Assert.ThrowsAsync<ReferenceNotFoundException>(() => AddAsync(draft, Root + "none", new TargetOptions()));
        await Assert.ThrowsAsync<ReferenceNotFoundException>(() =>
            AddAsync(draft, Root + "none/", new TargetOptions())
        );
    }

    [Fact]
    public async Task Prefix_with_too_many_targets_adds_none()
    {
        for (var i = 0; i < 5000; i++)
            _source.Set($"raw/{i}", "1");
        await using var draft = (await TestStore.CreateAsync()).Begin();

        await Assert.ThrowsAsync<ReferenceLimitExceededException>(() =>
            AddAsync(draft, Root + "raw/", new TargetOptions { MaxTargets = 4999 })
        );

        Assert.Equal(0, draft.FileCount);
    }

    [Fact]
    public async Task Digest_of_a_prefix_is_refused()
    {
        _source.Set("raw/a", "1");
        await using var draft = (await TestStore.CreateAsync()).Begin();

        await Assert.ThrowsAsync<InvalidReferenceException>(() =>
            AddAsync(draft, Root + "raw/", new TargetOptions { Digest = Sha256.Of("1"u8) })
        );
    }

    [Fact]
    public async Task Unknown_scheme_is_added_as_it_is()
    {
        await using var draft = (await TestStore.CreateAsync()).Begin();

        await AddAsync(draft, "hf://org/model.bin", new TargetOptions());

        Assert.Equal(["model.bin hf://org/model.bin    "], await EntriesAsync(draft));
        await Assert.ThrowsAsync<ReferenceNotReadableException>(() =>
            AddAsync(draft, "hf://org/model.bin", new TargetOptions { ReadsContent = true })
        );
    }

    [Fact]
    public async Task Given_digest_and_size_need_no_request()
    {
        await using var draft = (await TestStore.CreateAsync()).Begin();
        var digest = Sha256.Of("x"u8);

        await AddAsync(draft, Root + "x", new TargetOptions { Digest = digest, Size = 1 });

        Assert.Equal([$"x fake://bucket/x 1   {digest}"], await EntriesAsync(draft));
        Assert.Empty(_source.Requests);
    }

    [Fact]
    public async Task Other_size_than_given_is_refused()
    {
        _source.Set("x", "1");
        await using var draft = (await TestStore.CreateAsync()).Begin();

        await Assert.ThrowsAsync<ReferenceChangedException>(() =>
            AddAsync(draft, Root + "x", new TargetOptions { Size = 2 })
        );
    }

    [Fact]
    public async Task Checksum_reads_content_unless_it_was_read_before()
    {
        _source.Set("raw/a", "1", "e1");
        _source.Set("raw/b", "2", "e1");
        var store = await TestStore.CreateAsync();
        var options = new TargetOptions { ReadsContent = true };
        await using (var first = store.Begin())
        {
            await AddAsync(first, Root + "raw/", options);
            Assert.Equal(
                [$"a fake://bucket/raw/a 1 e1  {Sha256.Of("1"u8)}", $"b fake://bucket/raw/b 1 e1  {Sha256.Of("2"u8)}"],
                await EntriesAsync(first)
            );
            await first.PublishAsync();
        }
        _source.Set("raw/b", "3", "e2");
        var before = _source.Requests.Count;

        await using var second = ArtifactDraft.From(await store.FindAsync("model"));
        await AddAsync(second, Root + "raw/", options with { Replaces = true });

        Assert.Equal(["list fake://bucket/raw/", "open fake://bucket/raw/b 0"], _source.Requests.Skip(before));
        Assert.Equal(1, (await second.PublishAsync()).Record.Number);
    }

    [Fact]
    public async Task Unchanged_targets_make_no_version()
    {
        _source.Set("raw/a", "1");
        var store = await TestStore.CreateAsync();
        for (var i = 0; i < 2; i++)
        {
            await using var draft = store.Begin();
            await AddAsync(draft, Root + "raw/", new TargetOptions());
            Assert.Equal("model:v0", (await draft.PublishAsync()).Reference);
        }
        _source.Set("raw/a", "1", "e2");
        await using var changed = store.Begin();
        await AddAsync(changed, Root + "raw/", new TargetOptions());
        Assert.Equal("model:v1", (await changed.PublishAsync()).Reference);
    }

    [Fact]
    public async Task Key_that_no_entry_can_have_is_reported()
    {
        _source.Set("raw/../a", "1");
        _source.Set("raw/b", "1");
        await using var draft = (await TestStore.CreateAsync()).Begin();

        await AddAsync(draft, Root + "raw/", new TargetOptions());

        Assert.Equal(Root + "raw/../a", Assert.Single(_failures).Item);
        Assert.Single(await EntriesAsync(draft));
    }

    [Fact]
    public async Task Many_targets_take_little_memory()
    {
        for (var i = 0; i < 100_000; i++)
            _source.Set(
                $"raw/folder {i % 100}/{i}.bin",
                "1",
                Guid.NewGuid().ToString("N"),
                Guid.NewGuid().ToString("N")
            );
        _ = await _source.ListAsync(Root + "raw/", new TargetListing(), Token);
        await using var draft = (await TestStore.CreateAsync()).Begin();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var requests = _source.Requests.Count;

        await AddAsync(draft, Root + "raw/", new TargetOptions());

        Assert.Equal(100_000, draft.FileCount);
        Assert.InRange(_source.Requests.Count - requests, 100, 112);
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, 40 << 20);
    }

    private Task AddAsync(ArtifactDraft draft, string uri, TargetOptions options) =>
        new TargetAdder(draft, _source.ToSources(), options, _failures, new TransferProgress()).AddAsync(uri, Token);

    private static async Task<List<string>> EntriesAsync(ArtifactDraft draft) =>
        [
            .. (await draft.EntriesAsync(EntrySelector.All, Token).ToListAsync(Token)).Select(entry =>
                $"{entry.Path} {entry.Uri} {entry.Size} {entry.Target!.ETag} {entry.Target.VersionId} {entry.Digest}"
            ),
        ];
}
