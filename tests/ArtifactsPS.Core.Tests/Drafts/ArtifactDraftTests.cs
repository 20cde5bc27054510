using ArtifactsPS.Core.Tests.Fixtures;
using ArtifactsPS.Core.Tests.Manifests;

namespace ArtifactsPS.Core.Tests.Drafts;

public sealed class ArtifactDraftTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Add_equal_content_twice_succeeds()
    {
        var store = await TestStore.CreateAsync();
        await using var draft = store.Begin();
        await draft.AddTextAsync("file", "same");
        await draft.AddTextAsync("file", "same");
        Assert.Equal((1L, 4L), (draft.FileCount, draft.Size));
    }

    [Fact]
    public async Task Add_different_content_without_replace_is_conflict()
    {
        var store = await TestStore.CreateAsync();
        await using var draft = store.Begin();
        await draft.AddTextAsync("a [1]/file", "one");
        var error = await Assert.ThrowsAsync<ArtifactEntryConflictException>(() =>
            draft.AddTextAsync("a [1]/file", "other")
        );
        Assert.Equal("a [1]/file", error.Target);
        Assert.Equal((1L, 3L), (draft.FileCount, draft.Size));
        await draft.AddTextAsync("a [1]/file", "other", replace: true);
        Assert.Equal((1L, 5L), (draft.FileCount, draft.Size));
        Assert.Equal("other", await store.ReadTextAsync(await draft.PublishAsync(), "a [1]/file"));
    }

    [Fact]
    public async Task Add_different_executable_bit_is_conflict()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Files have no such bit.");
        var store = await TestStore.CreateAsync();
        await using var draft = store.Begin();
        var file = _folder.Write("run.sh", "x");
        await draft.AddFileAsync("run.sh", file);
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        await Assert.ThrowsAsync<ArtifactEntryConflictException>(() => draft.AddFileAsync("run.sh", file));
    }

    [Fact]
    public async Task Add_replaces_base_entry_but_not_added_entry()
    {
        var store = await TestStore.CreateAsync();
        var v0 = await store.PublishAsync("m", ("file", "0"), ("other", "x"));
        await using var draft = ArtifactDraft.From(v0);
        await draft.AddTextAsync("file", "1");
        await Assert.ThrowsAsync<ArtifactEntryConflictException>(() => draft.AddTextAsync("file", "0"));
        // A file equal to the base counts as added.
        await draft.AddTextAsync("other", "x");
        await draft.AddTextAsync("other", "x");
        await Assert.ThrowsAsync<ArtifactEntryConflictException>(() => draft.AddTextAsync("other", "y"));
        await draft.AddTextAsync("other", "y", replace: true);
        await draft.AddTextAsync("other", "x", replace: true);
        await Assert.ThrowsAsync<ArtifactEntryConflictException>(() => draft.AddTextAsync("other", "z"));
        await draft.RemoveAsync("other");
        await draft.AddTextAsync("other", "z");
        Assert.Equal("z", await store.ReadTextAsync(await draft.PublishAsync(), "other"));
    }

    [Fact]
    public async Task Draft_from_version_has_its_entries()
    {
        var store = await TestStore.CreateAsync();
        await using (
            var first = ArtifactDraft.Begin(
                store.Versions,
                ArtifactName.Parse("m"),
                TypeName.Parse("model"),
                [TagName.Parse("tag")]
            )
        )
        {
            (first.Description, first.Metadata) = ("d", new Newtonsoft.Json.Linq.JObject { ["x"] = 1 });
            await first.AddTextAsync("a", "1");
            await first.AddTextAsync("b", "22");
            await first.PublishAsync("prod");
        }
        var v0 = await store.FindAsync("m:v0");
        await using var draft = ArtifactDraft.From(v0);
        Assert.Equal(
            ("m", "model", "d", 2L, 3L),
            (draft.Name.ToString(), draft.Type.ToString(), draft.Description, draft.FileCount, draft.Size)
        );
        Assert.Empty(draft.Tags);
        Assert.Equal(v0.Record.Digest, await draft.ComputeDigestAsync(Token));
        draft.Metadata!["x"] = 2;
        Assert.Equal(1, (int)v0.Record.Metadata!["x"]!);
        Assert.Equal(["a", "b"], await draft.PathsAsync());
    }

    [Fact]
    public async Task Remove_folder_removes_everything_below_only()
    {
        var store = await TestStore.CreateAsync();
        var v0 = await store.PublishAsync("m", ("dir/a", "1"), ("dir/sub/b", "2"), ("dir.txt", "3"), ("dire/c", "4"));
        await using var draft = ArtifactDraft.From(v0);
        await draft.AddTextAsync("dir/new", "5");
        Assert.Equal(3, await draft.RemoveAsync("dir/"));
        Assert.Equal(["dir.txt", "dire/c"], await draft.PathsAsync());
        Assert.Equal((2L, 2L), (draft.FileCount, draft.Size));
        Assert.Equal(["dir.txt", "dire/c"], await (await draft.PublishAsync()).PathsAsync());
    }

    [Theory]
    [InlineData("none")]
    [InlineData("file/")]
    [InlineData("dir/none/")]
    [InlineData("fil")]
    [InlineData("FILE")]
    public async Task Remove_missing_path_leaves_draft_unchanged(string path)
    {
        var store = await TestStore.CreateAsync();
        var v0 = await store.PublishAsync("m", ("file", "1"), ("dir/a", "2"));
        await using var draft = ArtifactDraft.From(v0);
        await draft.AddTextAsync("new", "3");
        var before = await draft.ComputeDigestAsync(Token);
        var error = await Assert.ThrowsAsync<ArtifactEntryNotFoundException>(() => draft.RemoveAsync(path));
        Assert.Equal(path, error.Target);
        Assert.Equal(before, await draft.ComputeDigestAsync(Token));
        Assert.Equal(["dir/a", "file", "new"], await draft.PathsAsync());
    }

    [Fact]
    public async Task Remove_same_path_twice_reports_missing_entry()
    {
        var store = await TestStore.CreateAsync();
        await using var draft = ArtifactDraft.From(await store.PublishAsync("m", ("file", "1")));
        await draft.RemoveAsync("file");
        await Assert.ThrowsAsync<ArtifactEntryNotFoundException>(() => draft.RemoveAsync("file"));
        Assert.Equal((0L, 0L), (draft.FileCount, draft.Size));
    }

    [Fact]
    public async Task Failed_removal_leaves_draft_unchanged()
    {
        var failing = new FailingObjectStore(new MemoryObjectStore());
        await using (
            var first = ArtifactDraft.Begin(
                await VersionStore.CreateAsync(failing, Token),
                ArtifactName.Parse("m"),
                TypeName.Parse("model"),
                []
            )
        )
        {
            foreach (var path in PathUniverse.Tall)
                await first.AddAsync(Trees.Entry(path, 1), false, Token);
            await first.PublishAsync();
        }
        var failures = 0;
        for (var read = 1; read <= 400; read += 19)
        {
            var versions = await VersionStore.OpenAsync(failing, Token);
            await using var draft = ArtifactDraft.From(await versions.FindAsync(ArtifactReference.Parse("m"), Token));
            failing.FailAt(read, "read");
            if (await Record.ExceptionAsync(() => draft.RemoveAsync(EntrySelector.All, Token)) is null)
                continue;
            failures++;
            Assert.Equal(PathUniverse.Tall.Length, draft.FileCount);
            Assert.Equal(draft.BaseVersion!.Record.Digest, await draft.ComputeDigestAsync(Token));
        }
        Assert.True(failures > 5);
    }

    [Fact]
    public async Task Draft_lists_entries_to_publish()
    {
        var store = await TestStore.CreateAsync();
        var v0 = await store.PublishAsync("m", ("a/1", "x"), ("b/1", "x"), ("b/2", "x"), ("c", "x"));
        await using var draft = ArtifactDraft.From(v0);
        await draft.AddTextAsync("b/0", "y");
        await draft.AddTextAsync("b/1", "y");
        await draft.AddTextAsync("b/3", "y");
        await draft.RemoveAsync("b/2");
        await draft.AddTextAsync("\U0001F600", "y");
        await draft.AddTextAsync("\uE000", "y");

        async Task<string[]> ListAsync(EntrySelector selector) =>
            [.. (await draft.EntriesAsync(selector, Token).ToListAsync(Token)).Select(e => $"{e.Path} {e.Size}")];

        Assert.Equal(["b/0 1", "b/1 1", "b/3 1"], await ListAsync(EntrySelector.FileOrFolder("b")));
        Assert.Equal(["b/1 1"], await ListAsync(EntrySelector.Exactly("b/1")));
        Assert.Empty(await ListAsync(EntrySelector.Exactly("b/2")));
        Assert.Equal(
            ["a/1 1", "b/1 1"],
            await ListAsync(EntrySelector.Matching("*/1", "", path => path.EndsWith("/1", StringComparison.Ordinal)))
        );
        var all = await draft.PathsAsync();
        Assert.Equal(["a/1", "b/0", "b/1", "b/3", "c", "\uE000", "\U0001F600"], all);
        Assert.Equal(all, await (await draft.PublishAsync()).PathsAsync());
    }

    [Fact]
    public async Task Published_draft_is_spent()
    {
        var store = await TestStore.CreateAsync();
        await using var draft = store.Begin();
        await draft.AddTextAsync("file", "1");
        await draft.PublishAsync();
        Assert.True(draft.IsSpent);
        await Assert.ThrowsAsync<ArtifactSpentException>(() => draft.PublishAsync());
        await Assert.ThrowsAsync<ArtifactSpentException>(() => draft.AddTextAsync("file", "2"));
        await Assert.ThrowsAsync<ArtifactSpentException>(() => draft.RemoveAsync("file"));
        Assert.Throws<ArtifactSpentException>(() =>
            new FileAdder(draft, false, new ResultList<ItemFailure>(), new TransferProgress(), Token)
        );
    }

    [Theory]
    [InlineData(10)]
    [InlineData(9 << 20)]
    public async Task Publish_uses_content_at_time_of_adding(int size)
    {
        var store = await TestStore.CreateAsync();
        await using var draft = store.Begin();
        var file = _folder.Write("file", new byte[size]);
        await draft.AddFileAsync("file", file);
        _folder.Write("file", "edited");
        var version = await draft.PublishAsync();
        File.Delete(file);
        var entry = await version.Manifest.FindAsync(EntryPath.Parse("file"), Token);
        Assert.Equal(new byte[size], await store.Versions.Content.ReadAsync(entry!.Blob, Token));
    }

    [Fact]
    public async Task Order_of_adding_does_not_change_digest()
    {
        string[] paths = ["b", "a/b", "a", "\U0001F600", "\uE000", "a.b", "Z", new string('x', 2000)];
        var digests = new HashSet<Digest>();
        for (var seed = 0; seed < 5; seed++)
        {
            new Random(seed).Shuffle(paths);
            var store = await TestStore.CreateAsync();
            await using var draft = store.Begin();
            foreach (var path in paths)
                await draft.AddTextAsync(path, $"content of {path}");
            digests.Add((await draft.PublishAsync()).Record.Digest);
        }
        Assert.Single(digests);
    }

    [Fact]
    public async Task Files_are_added_concurrently()
    {
        var store = await TestStore.CreateAsync();
        await using var draft = store.Begin();
        await Parallel.ForAsync(0, 1000, Token, async (i, _) => await draft.AddTextAsync($"{i % 500}", $"{i % 500}"));
        Assert.Equal(500, draft.FileCount);
        var version = await draft.PublishAsync();
        Assert.Equal(500, version.Record.Root.EntryCount);
        Assert.Equal("77", await store.ReadTextAsync(version, "77"));
    }
}
