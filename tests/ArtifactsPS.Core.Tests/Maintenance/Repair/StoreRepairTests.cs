using ArtifactsPS.Core.Tests.Distributed;
using ArtifactsPS.Core.Tests.Fixtures;

namespace ArtifactsPS.Core.Tests.Maintenance.Repair;

/// <summary>What was lost comes back when its files are added again; what is whole stays readable all the time.</summary>
public sealed class StoreRepairTests : IDisposable
{
    private static readonly (string, string)[] First = [("a", "first a"), ("b", "first b"), ("c", "first c")];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_is_whole_of_a_damaged_pack_stays_where_versions_find_it()
    {
        var (store, v0) = await StoreAsync();
        await store.Memory.DamageAsync(v0, "b");

        Assert.Empty(await store.Memory.RepairAsync());

        await store.ReopenAsync();
        var repaired = await store.FindAsync("m:v0");
        Assert.Equal(v0.Record.Digest, repaired.Record.Digest);
        Assert.Equal("first a", await store.ReadTextAsync(repaired, "a"));
        Assert.Equal("first c", await store.ReadTextAsync(repaired, "c"));
        Assert.Equal("first b", await store.ReadTextAsync(await store.FindAsync("other"), "b"));
        var problem = Assert.Single(await store.Memory.CheckAsync(full: true));
        Assert.Equal((StoreProblemKind.ObjectMissing, v0.RootKey()), (problem.Kind, problem.Key));
        Assert.Equal(["m:v0", "m:v1"], problem.Versions);
        Assert.Equal(["b"], problem.Paths);
        // Kept for inspection.
        Assert.Contains("damaged/" + v0.RootKey().Split('/')[2], store.Memory.Keys);
    }

    [Fact]
    public async Task Adding_the_files_again_and_publishing_heals_all_versions_that_have_them()
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
    }

    [Fact]
    public async Task A_missing_object_is_healed_by_adding_the_files_again()
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
    public async Task A_missing_object_is_noticed_and_healed_by_adding_the_files_again_without_a_repair()
    {
        var (store, v0) = await StoreAsync();
        await store.Memory.DeleteAsync(v0.RootKey(), Token);
        await store.ReopenAsync();

        // Its pages are there, and only b is not.
        var newest = await store.PublishAsync("m", ("a", "second a"), ("b", "first b"));
        Assert.Equal((1, true), (newest.Record.Number, newest.Deduplicated));
        Assert.Equal("first b", await store.ReadTextAsync(newest, "b"));
        var older = await store.PublishAsync("m", First);
        Assert.Equal((0, true), (older.Record.Number, older.Deduplicated));

        await AssertSoundAsync(store);
    }

    [Fact]
    public async Task New_content_beside_a_missing_object_is_whole_and_heals_what_it_can()
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
    public async Task One_file_added_to_a_draft_of_the_version_heals_it()
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
    public async Task New_content_published_after_a_loss_is_whole_and_the_rest_of_the_old_stays_lost()
    {
        var (store, v0) = await StoreAsync();
        await store.Memory.DamageAsync(v0, "b");
        await store.Memory.RepairAsync();
        await store.ReopenAsync();
        var v2 = await store.PublishAsync("m", ("a", "first a"), ("b", "third b"));
        Assert.Equal(2, v2.Record.Number);
        var problem = Assert.Single(await store.Memory.CheckAsync(full: true));
        Assert.Equal(["m:v0", "m:v1"], problem.Versions);
        Assert.Equal(["b"], problem.Paths);
    }

    [Fact]
    public async Task A_damaged_page_is_healed_by_adding_the_files_again()
    {
        var (store, v0) = await StoreAsync();
        store.Memory.FlipBit(v0.RootKey(), v0.Record.Root.Location.Offset + 30);
        await store.Memory.RepairAsync();
        await store.ReopenAsync();
        // The other version has b from the same pack.
        Assert.Equal("first b", await store.ReadTextAsync(await store.FindAsync("m:v1"), "b"));

        await store.PublishAsync("m", First);

        await AssertSoundAsync(store);
        Assert.Equal("first a", await store.ReadTextAsync(await store.FindAsync("m:v0"), "a"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_damaged_large_file_is_healed_by_adding_it_again(bool isMissing)
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
    public async Task Chunks_that_are_whole_are_kept_and_the_file_is_healed_by_adding_it_again()
    {
        var store = await TestStore.CreateAsync();
        await LargeFiles.PublishAsync(store, _folder, changes: 2);
        var v1 = await store.FindAsync("model:v1");
        // The pack of v1 has a chunk, the list of chunks, and pages.
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
    public async Task Large_trees_are_repaired_and_healed_page_by_page()
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
    public async Task What_is_derived_is_deleted_and_the_store_s_record_written_anew()
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
    public async Task A_damaged_pack_that_open_contributions_need_stays()
    {
        var store = await TestStore.CreateAsync();
        var contribution = await store.Versions.ContributeAsync("data", "job", "w1", ("x", "1"), ("y", "2"));
        var key = contribution.Adds.Location.Object.Key;
        store.Memory.FlipBit(key, 0);
        Assert.Equal([key], await store.Memory.RepairAsync());
        Assert.Contains(key, store.Memory.Keys);
    }

    [Fact]
    public async Task A_sound_store_stays_as_it_is()
    {
        var (store, _) = await StoreAsync();
        var before = store.Memory.Keys.Order().ToArray();
        await store.Memory.RepairAsync();
        Assert.Equal(before, store.Memory.Keys.Order());
    }

    [Fact]
    public async Task A_repair_that_fails_at_any_operation_loses_nothing_and_can_be_run_again()
    {
        for (var operation = 1; ; operation++)
        {
            Assert.True(operation < 200, "It fails for ever.");
            var (store, v0) = await StoreAsync();
            await store.Memory.DamageAsync(v0, "b");
            var failing = new FailingObjectStore(store.Memory);
            var checker = new StoreChecker(failing, new TransferProgress());
            await checker.CheckAsync(allBytes: true, Token);
            failing.FailAt(operation);
            await Record.ExceptionAsync(() =>
                new StoreRepairer(failing, checker).RepairAsync([.. checker.Problems], null, Token)
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

    // v0 has all of First, v1 shares b with it; another artifact has the same content of its own.
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
