using ArtifactsPS.Core.Tests.Fixtures;
using ArtifactsPS.Core.Tests.Manifests;

namespace ArtifactsPS.Core.Tests.Drafts;

/// <summary>The cost of publishing depends on the change, not on the artifact's size.</summary>
public sealed class DraftCostTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(300)]
    [InlineData(100_000)]
    public async Task One_change_writes_pack_intent_index_and_transaction(int entries)
    {
        var store = await TestStore.CreateAsync();
        var paths = Enumerable.Range(0, entries).Select(i => $"folder {i % 100}/file {i}").ToArray();
        await using (var first = store.Begin("m"))
        {
            foreach (var path in paths)
                await first.AddAsync(Trees.Entry(path, 1), false, Token);
            await first.PublishAsync();
        }
        await store.ReopenAsync();
        var v0 = await store.FindAsync("m:v0");
        var old = await PagesAsync(store, v0);
        store.Counting.Reset();

        await using var draft = ArtifactDraft.From(v0);
        // Not the first entry of a page, because its path is also in the page above.
        var changed = paths.Last(path => !PageCutter.BeginsRun(EntryPath.Parse(path), 0));
        await draft.AddTextAsync(changed, "changed");
        var v1 = await draft.PublishAsync();

        Assert.Equal(["objects", "intents", "index", "artifacts"], FoldersOfCreations(store));
        Assert.Equal("artifacts/m/log/000000000002.json", store.Counting.Creations[3].Key);
        var newPages = (await PagesAsync(store, v1))
            .Where(page => old.All(other => other.Digest != page.Digest))
            .ToList();
        Assert.Equal(v1.Record.Root.Level + 1, newPages.Count);
        Assert.Equal(newPages.Sum(page => StoredLength(page)) + "changed".Length, store.Counting.Creations[0].Length);
        Assert.InRange(store.Counting.KeysOf("read").Count, 1, 30);
        Assert.Equal(entries, v1.Record.Root.EntryCount);
    }

    [Fact]
    public async Task Changing_one_entry_reads_no_base_content()
    {
        var store = await TestStore.CreateAsync();
        await store.PublishAsync("m", ("a", "1"), ("b", "2"));
        await using (var separate = ArtifactDraft.From(await store.FindAsync("m")))
        {
            // Now no page is in the pack with the content of a and b.
            await separate.AddTextAsync("c", "3");
            await separate.PublishAsync();
        }
        var entry = await (await store.FindAsync("m")).Manifest.FindAsync(EntryPath.Parse("a"), Token);
        await store.ReopenAsync();
        await using var draft = ArtifactDraft.From(await store.FindAsync("m"));
        await draft.RemoveAsync("b");
        store.Counting.Reset();
        Assert.Equal(["a", "c"], await (await draft.PublishAsync()).PathsAsync());
        Assert.DoesNotContain(entry!.Location.Object.Key, store.Counting.KeysOf("read"));
    }

    [Fact]
    public async Task Renamed_folder_stores_no_content()
    {
        var store = await TestStore.CreateAsync();
        var files = Enumerable.Range(0, 500).Select(i => ($"old name/{i}", $"content {i}")).ToArray();
        var v0 = await store.PublishAsync("m", files);
        await using var draft = ArtifactDraft.From(v0);
        await draft.RemoveAsync("old name/");
        foreach (var (path, text) in files)
            await draft.AddTextAsync(path.Replace("old", "new", StringComparison.Ordinal), text);
        store.Counting.Reset();
        var v1 = await draft.PublishAsync();
        var pages = (await PagesAsync(store, v1)).Sum(page => StoredLength(page));
        Assert.Equal(pages, store.Counting.Creations[0].Length);
        Assert.Equal("content 7", await store.ReadTextAsync(v1, "new name/7"));
    }

    [Fact]
    public async Task Empty_draft_shares_content_with_newest_version()
    {
        var store = await TestStore.CreateAsync();
        var files = Enumerable.Range(0, 2000).Select(i => ($"{i}", $"content {i}")).ToArray();
        var v0 = await store.PublishAsync("m", files);
        await store.ReopenAsync();
        store.Counting.Reset();
        files[1000] = (files[1000].Item1, "changed");
        var v1 = await store.PublishAsync("m", files);

        var old = (await PagesAsync(store, v0)).Select(page => page.Digest).ToHashSet();
        var newPages = (await PagesAsync(store, v1)).Where(page => !old.Contains(page.Digest)).ToList();
        Assert.InRange(newPages.Count, 1, 3);
        Assert.Equal(["objects", "intents", "index", "artifacts"], FoldersOfCreations(store));
        Assert.Equal(newPages.Sum(page => StoredLength(page)) + 7, store.Counting.Creations[0].Length);
    }

    [Fact]
    public async Task Reverted_change_is_no_change()
    {
        var store = await TestStore.CreateAsync();
        var v0 = await store.PublishAsync("m", ("a", "1"), ("b", "2"));
        await using var draft = ArtifactDraft.From(v0);
        await draft.AddTextAsync("c", "3");
        await draft.RemoveAsync("a");
        Assert.NotEqual(v0.Record.Digest, await draft.ComputeDigestAsync(Token));
        await draft.RemoveAsync("c");
        await draft.AddTextAsync("a", "1");
        Assert.Equal(v0.Record.Digest, await draft.ComputeDigestAsync(Token));
        Assert.True((await draft.PublishAsync()).Deduplicated);
    }

    [Fact]
    public async Task Content_of_deleted_base_is_checked_before_commit()
    {
        var store = await TestStore.CreateAsync();
        var v0 = await store.PublishAsync("m", ("a", "1"));
        await store.PublishAsync("m", ("other", "x"));
        await using var draft = ArtifactDraft.From(v0);
        await draft.AddTextAsync("b", "2");
        await VersionEditor.DeleteAsync(v0, false, null, Token);
        store.Counting.Reset();
        var v2 = await draft.PublishAsync();
        var entry = await v2.Manifest.FindAsync(EntryPath.Parse("a"), Token);
        Assert.Contains(entry!.Location.Object.Key, store.Counting.KeysOf("look"));
    }

    [Fact]
    public async Task Missing_content_of_deleted_base_is_not_reused()
    {
        var store = await TestStore.CreateAsync();
        var v0 = await store.PublishAsync("m", ("a", "1"));
        var entry = await v0.Manifest.FindAsync(EntryPath.Parse("a"), Token);
        await store.PublishAsync("m", ("other", "x"));
        await using var draft = ArtifactDraft.From(v0);
        await draft.AddTextAsync("b", "2");
        await VersionEditor.DeleteAsync(v0, false, null, Token);
        await store.Memory.DeleteAsync(entry!.Location.Object.Key, Token);
        await Assert.ThrowsAsync<ObjectCleanedUpException>(() => draft.PublishAsync());
        Assert.Equal(1, (await store.FindAsync("m")).Record.Number);
    }

    private static IEnumerable<string> FoldersOfCreations(TestStore store) =>
        store.Counting.Creations.Select(creation => creation.Key.Split('/')[0]);

    private static Task<List<PageReference>> PagesAsync(TestStore store, PublishedVersion version) =>
        new Manifest(store.Versions.Pages, version.Record.Root).PagesAsync(Token).ToListAsync(Token).AsTask();

    private static long StoredLength(PageReference page) => page.Location.StoredLength(page.Length);
}
