using ArtifactsPS.Core.Tests.Fixtures;
using ArtifactsPS.Core.Tests.Maintenance;

namespace ArtifactsPS.Core.Tests.Drafts;

/// <summary>
/// Stored content of unchanged files is found through the file index, without reading files or versions.
/// </summary>
public sealed class IndexedContentTests : IAsyncLifetime
{
    private const int Files = 20;

    private readonly TemporaryFolder _folder = new();
    private TestStore _store = null!;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(LinuxFile.IsSupported, "The system does not tell when files changed.");
        _store = await TestStore.CreateAsync();
        for (var i = 0; i < Files; i++)
            _folder.Write($"{i}", $"content {i} " + new string('x', 2000));
        await SettledFile.WaitForAsync(_folder[$"{Files - 1}"]);
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return default;
    }

    [Fact]
    public async Task Unchanged_tree_is_published_without_reading_pages()
    {
        await PublishFilesAsync();
        await _store.ReopenAsync();
        _store.Counting.Reset();
        Assert.True((await PublishFilesAsync()).Deduplicated);
        Assert.DoesNotContain(_store.Counting.KeysOf("read"), IsObject);
        // The existence of the pack is checked once.
        Assert.Single(_store.Counting.KeysOf("look"), IsObject);
        Assert.Empty(_store.Counting.Creations);
    }

    [Fact]
    public async Task Tally_counts_each_kind_of_file()
    {
        var progress = new TransferProgress();
        await using (var first = _store.Begin())
            await AddAsync(first, "0", progress);
        Assert.Equal("1 packed", progress.Tally.Take());
        Assert.Null(progress.Tally.Take());

        await PublishFilesAsync();
        _folder.Write("same", "content 1 " + new string('x', 2000));
        await using var draft = _store.Begin();
        await AddAsync(draft, "0", progress);
        await AddAsync(draft, "same", progress);
        Assert.Equal("1 unchanged and not read, 1 already stored", progress.Tally.Take());
    }

    [Fact]
    public async Task Files_of_missing_pack_are_stored_again()
    {
        var version = await PublishFilesAsync();
        await _store.Memory.DeleteAsync(version.RootKey(), Token);
        await _store.ReopenAsync();
        Assert.True((await PublishFilesAsync()).Deduplicated);
        Assert.Empty(await _store.Memory.CheckAsync(full: true));
        await _store.ReopenAsync();
        await CheckAsync(await _store.FindAsync(version.Reference));
    }

    [Fact]
    public async Task Content_of_unpublished_draft_is_reused()
    {
        await StoreFilesAsync();
        _store.Counting.Reset();
        await CheckAsync(await PublishFilesAsync());
        var pack = Assert.Single(_store.Counting.Creations, creation => IsObject(creation.Key));
        Assert.InRange(pack.Length, 1, Files * 500);
        // No version protects the content from clean-ups, so it is checked after the intent was created.
        Assert.Contains(_store.Counting.KeysOf("look"), key => IsObject(key) && key != pack.Key);
    }

    [Fact]
    public async Task Cleaned_up_content_is_stored_again()
    {
        await StoreFilesAsync();
        foreach (var key in _store.Memory.Keys.Where(IsObject).ToList())
            await _store.Memory.DeleteAsync(key, Token);
        await CheckAsync(await PublishFilesAsync());
    }

    [Fact]
    public async Task Content_cleaned_up_before_publishing_is_error()
    {
        await StoreFilesAsync();
        await using (var draft = await AddFilesAsync())
        {
            foreach (var key in _store.Memory.Keys.Where(IsObject).ToList())
                await _store.Memory.DeleteAsync(key, Token);
            await Assert.ThrowsAsync<ObjectCleanedUpException>(() => draft.PublishAsync());
        }
        await CheckAsync(await PublishFilesAsync());
    }

    [Fact]
    public async Task Content_of_deleted_version_is_checked_before_commit()
    {
        var v0 = await PublishFilesAsync();
        await _store.PublishAsync("model", ("other", "content"));
        await VersionEditor.DeleteAsync(v0, evenIfInUse: false, null, Token);
        _store.Counting.Reset();
        await CheckAsync(await PublishFilesAsync());
        Assert.Contains(v0.RootKey(), _store.Counting.KeysOf("look"));
    }

    [Fact]
    public async Task Changed_file_is_read_and_others_are_not_stored()
    {
        await PublishFilesAsync();
        var path = _folder.Write("3", "changed");
        await SettledFile.WaitForAsync(path);
        _store.Counting.Reset();
        var version = await PublishFilesAsync();
        Assert.Equal("changed", await _store.ReadTextAsync(version, "3"));
        Assert.False(version.Deduplicated);
        Assert.InRange(
            _store.Counting.Creations.Where(creation => IsObject(creation.Key)).Sum(x => x.Length),
            1,
            Files * 500
        );
    }

    private static bool IsObject(string key) => key.StartsWith("objects/", StringComparison.Ordinal);

    private async Task<ArtifactDraft> AddFilesAsync()
    {
        var draft = _store.Begin();
        for (var i = 0; i < Files; i++)
            await draft.AddFileAsync($"{i}", _folder[$"{i}"]);
        return draft;
    }

    private async Task<PublishedVersion> PublishFilesAsync()
    {
        await using var draft = await AddFilesAsync();
        return await draft.PublishAsync();
    }

    // Stores content like a process that ends before publishing.
    private async Task StoreFilesAsync()
    {
        await using var draft = await AddFilesAsync();
        var content = new DraftContent(draft, await draft.BuildTreeAsync(Token));
        await content.StoreAsync(StoreWriter.For(draft), Token);
    }

    private async Task CheckAsync(PublishedVersion version)
    {
        await _store.ReopenAsync();
        for (var i = 0; i < Files; i++)
            Assert.Equal(
                await File.ReadAllTextAsync(_folder[$"{i}"], Token),
                await _store.ReadTextAsync(version, $"{i}")
            );
    }

    private Task AddAsync(ArtifactDraft draft, string name, TransferProgress progress) =>
        draft.AddFileAsync(EntryPath.Parse(name), _folder[name], replace: false, progress, Token);
}
