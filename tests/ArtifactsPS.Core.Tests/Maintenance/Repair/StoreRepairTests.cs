using ArtifactsPS.Core.Tests.Distributed;
using ArtifactsPS.Core.Tests.Fixtures;

namespace ArtifactsPS.Core.Tests.Maintenance.Repair;

/// <summary>
/// Repair of damaged stores. Publishing files again restores their content, and intact content stays readable.
/// </summary>
public sealed class StoreRepairTests : IDisposable
{
    private static readonly (string, string)[] First = [("a", "first a"), ("b", "first b"), ("c", "first c")];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Repair_keeps_intact_content_of_damaged_pack_readable()
    {
        var (store, v0) = await StoreAsync();
        await store.Memory.DamageAsync(v0, "b");

        Assert.Empty(await store.Memory.RepairAsync());

        await store.ReopenAsync();
        var repaired = await store.FindAsync("m:v0");
        Assert.Equal(v0.Record.Digest, repaired.Record.Digest);
        Assert.Equal("first a", await store.ReadTextAsync(repaired, "a"));
        Assert.Equal("first c", await store.ReadTextAsync(repaired, "c"));
        var problem = Assert.Single(await store.Memory.CheckAsync(full: true));
        Assert.Equal((StoreProblemKind.ObjectMissing, v0.RootKey()), (problem.Kind, problem.Key));
        Assert.Equal(["m:v0", "m:v1", "other:v0"], problem.Versions);
        Assert.Equal(["b"], problem.Paths);
        // The damaged pack is kept for inspection.
        Assert.Contains("damaged/" + v0.RootKey().Split('/')[2], store.Memory.Keys);
    }

    [Fact]
    public async Task Damaged_pack_of_many_files_is_read_with_few_requests()
    {
        var store = await TestStore.CreateAsync(StoreCompression.None);
        var v0 = await store.PublishAsync("m", [.. Enumerable.Range(0, 2000).Select(i => ($"{i}", $"content {i}"))]);
        await store.Memory.DamageAsync(v0, "7");
        var problems = new ResultList<StoreProblem>();
        var progress = new TransferProgress();
        var checker = new StoreChecker(store.Counting, problems, progress);
        await checker.CheckAsync(allBytes: true, Token);
        Assert.Equal(["7"], Assert.Single(problems).Paths);

        store.Counting.Reset();
        progress = new TransferProgress();
        await new StoreRepairer(store.Counting, checker, progress).RepairAsync([.. problems], null, Token);
        Assert.InRange(store.Counting.KeysOf("read").Count(StoreLayout.IsObject), 1, 5);
        Assert.InRange(progress.Bytes, 2000 * 10, progress.TotalBytes);
        await store.ReopenAsync();
        Assert.Equal("content 8", await store.ReadTextAsync(await store.FindAsync("m"), "8"));
    }

    [Fact]
    public async Task Publishing_files_again_restores_all_their_versions()
    {
        var (store, v0) = await StoreAsync();
        await store.Memory.DamageAsync(v0, "b");
        await store.Memory.RepairAsync();
        await store.ReopenAsync();

        var again = await store.PublishAsync("m", First);

        Assert.Equal((0, true), (again.Record.Number, again.Deduplicated));
        Assert.Equal("first b", await store.ReadTextAsync(again, "b"));
        await AssertSoundAsync(store);
        Assert.Equal("first b", await store.ReadTextAsync(await store.FindAsync("m:v1"), "b"));
        Assert.Equal("first b", await store.ReadTextAsync(await store.FindAsync("other"), "b"));
    }

    [Fact]
    public async Task Publishing_files_again_restores_missing_object()
    {
        var (store, v0) = await StoreAsync();
        await store.Memory.DeleteAsync(v0.RootKey(), Token);
        await store.Memory.RepairAsync(full: false);
        await store.ReopenAsync();

        var again = await store.PublishAsync("m", First);

        Assert.Equal((0, true), (again.Record.Number, again.Deduplicated));
        Assert.Equal("first a", await store.ReadTextAsync(again, "a"));
        await AssertSoundAsync(store);
    }

    [Fact]
    public async Task Publishing_files_again_restores_missing_object_without_repair()
    {
        var (store, v0) = await StoreAsync();
        await store.Memory.DeleteAsync(v0.RootKey(), Token);
        await store.ReopenAsync();

        // Only the content of b is missing; the pages exist.
        var newest = await store.PublishAsync("m", ("a", "second a"), ("b", "first b"));
        Assert.Equal((1, true), (newest.Record.Number, newest.Deduplicated));
        Assert.Equal("first b", await store.ReadTextAsync(newest, "b"));
        var older = await store.PublishAsync("m", First);
        Assert.Equal((0, true), (older.Record.Number, older.Deduplicated));

        await AssertSoundAsync(store);
    }

    [Fact]
    public async Task Publishing_new_content_restores_missing_content_it_includes()
    {
        var (store, v0) = await StoreAsync();
        await store.Memory.DeleteAsync(v0.RootKey(), Token);
        await store.ReopenAsync();

        var v2 = await store.PublishAsync("m", ("b", "first b"), ("d", "new"));

        Assert.Equal("first b", await store.ReadTextAsync(v2, "b"));
        Assert.Equal("first b", await store.ReadTextAsync(await store.FindAsync("m:v1"), "b"));
        Assert.Equal(["m:v0"], Assert.Single(await store.Memory.CheckAsync()).Versions);
    }

    [Fact]
    public async Task Adding_damaged_file_to_draft_restores_its_version()
    {
        var (store, v0) = await StoreAsync();
        await store.Memory.DamageAsync(v0, "b");
        await store.Memory.RepairAsync();
        await store.ReopenAsync();

        await using var draft = ArtifactDraft.From(await store.FindAsync("m:v1"));
        await draft.AddTextAsync("b", "first b", replace: true);
        var again = await draft.PublishAsync();

        Assert.Equal((1, true), (again.Record.Number, again.Deduplicated));
        await AssertSoundAsync(store);
    }

    [Fact]
    public async Task New_content_is_complete_and_older_damage_remains()
    {
        var (store, v0) = await StoreAsync();
        await store.Memory.DamageAsync(v0, "b");
        await store.Memory.RepairAsync();
        await store.ReopenAsync();
        var v2 = await store.PublishAsync("m", ("a", "first a"), ("b", "third b"));
        Assert.Equal(2, v2.Record.Number);
        var problem = Assert.Single(await store.Memory.CheckAsync(full: true));
        Assert.Equal(["m:v0", "m:v1", "other:v0"], problem.Versions);
        Assert.Equal(["b"], problem.Paths);
    }

    [Fact]
    public async Task Publishing_files_again_restores_damaged_page()
    {
        var (store, v0) = await StoreAsync();
        store.Memory.FlipBit(v0.RootKey(), v0.Record.StoredRoot!.Location.Offset + 30);
        await store.Memory.RepairAsync();
        await store.ReopenAsync();
        // v1 uses b from the same pack.
        Assert.Equal("first b", await store.ReadTextAsync(await store.FindAsync("m:v1"), "b"));

        await store.PublishAsync("m", First);

        await AssertSoundAsync(store);
        Assert.Equal("first a", await store.ReadTextAsync(await store.FindAsync("m:v0"), "a"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Publishing_large_file_again_restores_it(bool isMissing)
    {
        var store = await TestStore.CreateAsync();
        var file = _folder.Write("large", LargeFiles.Bytes(0));
        await PublishAsync("m");
        await PublishAsync("n");
        var key = await (await store.FindAsync("m")).ObjectKeyAsync("large");
        if (isMissing)
            await store.Memory.DeleteAsync(key, Token);
        else
            store.Memory.FlipBit(key, 12345);
        await store.Memory.RepairAsync();
        Assert.DoesNotContain(key, store.Memory.Keys);
        await store.ReopenAsync();

        Assert.True((await PublishAsync("m")).Deduplicated);

        Assert.Contains(key, store.Memory.Keys);
        await AssertSoundAsync(store);

        async Task<PublishedVersion> PublishAsync(string name)
        {
            await using var draft = store.Begin(name);
            await draft.AddFileAsync("large", file);
            await draft.AddTextAsync("name", name);
            return await draft.PublishAsync();
        }
    }

    [Fact]
    public async Task Publishing_chunked_file_again_restores_damaged_chunk()
    {
        var store = await TestStore.CreateAsync();
        await LargeFiles.PublishAsync(store, _folder, changes: 2);
        var v1 = await store.FindAsync("model:v1");
        // The pack of v1 has a chunk, the chunk list and pages.
        store.Memory.FlipBit(await v1.ObjectKeyAsync("large"), 10);
        await store.Memory.RepairAsync();
        await store.ReopenAsync();
        Assert.Equal("small", await store.ReadTextAsync(await store.FindAsync("model:v1"), "small"));
        Assert.NotEmpty(await store.Memory.CheckAsync(full: true));

        await using var draft = store.Begin();
        await draft.AddFileAsync("large", _folder.Write("large", LargeFiles.Bytes(1)));
        await draft.AddTextAsync("small", "small");
        Assert.True((await draft.PublishAsync()).Deduplicated);

        await AssertSoundAsync(store);
    }

    [Fact]
    public async Task Publishing_large_tree_again_restores_damaged_files()
    {
        var store = await TestStore.CreateAsync();
        var files = Enumerable.Range(0, 3000).Select(i => ($"{i % 9}/{i}", $"content {i}")).ToArray();
        var v0 = await store.PublishAsync("model", files);
        for (var i = 0; i < 3; i++)
        {
            await using var next = ArtifactDraft.From(await store.FindAsync("model"));
            await next.AddTextAsync("3/3", $"changed {i}", replace: true);
            await next.PublishAsync();
        }
        await store.Memory.DamageAsync(v0, "7/7");
        await store.Memory.DamageAsync(v0, "8/8");
        await store.Memory.RepairAsync();
        await store.ReopenAsync();
        Assert.Equal(2999 - 1, (await ReadableAsync(await store.FindAsync("model:v3"))).Count);

        await store.PublishAsync("model", files);

        await AssertSoundAsync(store);
        Assert.Equal(3000, (await ReadableAsync(await store.FindAsync("model:v2"))).Count);
        Assert.Equal(v0.Record.Digest, (await store.FindAsync("model:v0")).Record.Digest);
    }

    [Fact]
    public async Task Repair_deletes_damaged_checkpoint_and_rewrites_store_record()
    {
        var store = await TestStore.CreateAsync();
        for (var i = 0; i < 40; i++)
            await store.PublishAsync("m", ("file", $"{i}"));
        store.Memory.FlipBit(store.CheckpointKeys("m")[0], 100);
        store.Memory["store.json"] = [];
        await store.Memory.RepairAsync(full: false);
        await AssertSoundAsync(store);
        Assert.Empty(store.CheckpointKeys("m"));
        await store.ReopenAsync();
        Assert.Equal(39, (await store.FindAsync("m")).Record.Number);
    }

    [Fact]
    public async Task Damaged_pack_of_open_contributions_is_kept()
    {
        var store = await TestStore.CreateAsync();
        var contribution = await store.Versions.ContributeAsync("data", "job", "w1", ("x", "1"), ("y", "2"));
        var key = contribution.ObjectKey();
        store.Memory.FlipBit(key, 0);
        Assert.Equal([key], await store.Memory.RepairAsync());
        Assert.Contains(key, store.Memory.Keys);
    }

    [Fact]
    public async Task Repair_leaves_undamaged_store_unchanged()
    {
        var (store, _) = await StoreAsync();
        var before = store.Memory.Keys.Order().ToArray();
        await store.Memory.RepairAsync();
        Assert.Equal(before, store.Memory.Keys.Order());
    }

    [Fact]
    public async Task Failed_repair_loses_nothing_and_can_be_repeated()
    {
        for (var operation = 1; ; operation++)
        {
            Assert.True(operation < 200, "The operation never succeeds.");
            var (store, v0) = await StoreAsync();
            await store.Memory.DamageAsync(v0, "b");
            var failing = new FailingObjectStore(store.Memory);
            var problems = new ResultList<StoreProblem>();
            var checker = new StoreChecker(failing, problems, new TransferProgress());
            await checker.CheckAsync(allBytes: true, Token);
            failing.FailAt(operation);
            await Record.ExceptionAsync(() =>
                new StoreRepairer(failing, checker, new TransferProgress()).RepairAsync([.. problems], null, Token)
            );
            if (!failing.HasFailed)
                break;

            await store.ReopenAsync();
            Assert.Equal("first a", await store.ReadTextAsync(await store.FindAsync("m:v0"), "a"));
            Assert.Equal("second a", await store.ReadTextAsync(await store.FindAsync("m:v1"), "a"));
            await store.Memory.RepairAsync();
            await store.ReopenAsync();
            await store.PublishAsync("m", First);
            await AssertSoundAsync(store);
        }
    }

    // v0 has all files of First, and v1 shares b with it. Another artifact shares it, too.
    private static async Task<(TestStore Store, PublishedVersion First)> StoreAsync()
    {
        var store = await TestStore.CreateAsync();
        var v0 = await store.PublishAsync("m", First);
        await store.PublishAsync("m", ("a", "second a"), ("b", "first b"));
        await store.PublishAsync("other", ("b", "first b"));
        return (store, v0);
    }

    private static async Task AssertSoundAsync(TestStore store)
    {
        Assert.Empty(await store.Memory.CheckAsync(full: true));
        await store.ReopenAsync();
        await foreach (var state in store.Versions.ReadCatalogsAsync(_ => true, Token))
        foreach (var number in state.VersionNumbers)
            await new PublishedVersion(store.Versions, state, state.Find(number)!).TextsAsync();
    }

    private static async Task<List<string>> ReadableAsync(PublishedVersion version)
    {
        var readable = new List<string>();
        await foreach (var entry in version.Manifest.EntriesAsync(Token))
            if (await Record.ExceptionAsync(() => version.Store.Content.ReadAsync(entry.Blob, Token)) is null)
                readable.Add(entry.Path.ToString());
        return readable;
    }
}
