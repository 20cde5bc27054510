using ArtifactsPS.Core.Tests.Fixtures;

namespace ArtifactsPS.Core.Tests.Maintenance.Checking;

/// <summary>Problems of the trash, of intents and of the index.</summary>
public sealed class CleanupKeysTests
{
    private const string Batch = "00000000000000000000000000000000";

    [Theory]
    [InlineData("trash/note")]
    [InlineData("trash/" + Batch + "/note")]
    [InlineData("trash/" + Batch + "/a/b")]
    [InlineData("intents/note")]
    [InlineData("intents/note.json")]
    [InlineData("intents/" + Batch + "/a.json")]
    [InlineData("index/note")]
    public async Task Unknown_key_is_unexpected(string key)
    {
        var store = await CreateAsync();
        store.Memory[key] = [1];
        var problem = Assert.Single(await store.Memory.CheckAsync());
        Assert.Equal((StoreProblemKind.UnexpectedKey, key), (problem.Kind, problem.Key));
        Assert.Equal(ProblemSeverity.Warning, problem.Severity);
    }

    [Fact]
    public async Task Condemned_needed_object_is_no_problem()
    {
        var store = await CreateAsync();
        var root = (await store.FindAsync("m")).Record.StoredRoot!.Location.Object;
        await store.Memory.TryMoveAsync(root.Key, StoreLayout.TrashKey(Batch, root.Digest), Token);
        await TrashInventory.CreateAsync(store.Memory, Batch, [root.Digest], Token);
        await CommitIntent.CreateAsync(store.Memory, "artifacts/m/log/000000000002.json", Token);
        Assert.Empty(await store.Memory.CheckAsync(full: true));
    }

    [Fact]
    public async Task Damaged_condemned_object_is_reported_if_needed()
    {
        var store = await CreateAsync();
        var root = (await store.FindAsync("m")).Record.StoredRoot!.Location.Object;
        var trashed = StoreLayout.TrashKey(Batch, root.Digest);
        await store.Memory.TryMoveAsync(root.Key, trashed, Token);
        store.Memory.FlipBit(trashed, 0);
        Assert.Contains(
            await store.Memory.CheckAsync(full: true),
            problem => problem.Kind == StoreProblemKind.ObjectDamaged && problem.Versions.Contains("m:v0")
        );
    }

    [Fact]
    public async Task Damaged_inventory_is_reported_and_repaired()
    {
        var store = await CreateAsync();
        var root = (await store.FindAsync("m")).Record.StoredRoot!.Location.Object;
        await TrashInventory.CreateAsync(store.Memory, Batch, [root.Digest], Token);
        var key = store.Memory.Keys.Single(item => item.StartsWith(StoreLayout.Trash, StringComparison.Ordinal));
        await CheckDamageAsync(store, key, StoreProblemKind.InventoryDamaged);
        await store.Memory.RepairAsync();
        Assert.Empty(await store.Memory.CheckAsync(full: true));
    }

    [Fact]
    public async Task Damaged_index_is_reported_and_repaired()
    {
        var store = await CreateAsync();
        var key = store.Memory.Keys.Single(item => item.StartsWith(StoreLayout.Index, StringComparison.Ordinal));
        // The last byte is in the records.
        store.Memory.FlipBit(key, store.Memory[key].Length - 1);
        Assert.Equal(StoreProblemKind.IndexDamaged, Assert.Single(await store.Memory.CheckAsync()).Kind);
        await CheckDamageAsync(store, key, StoreProblemKind.IndexDamaged, at: 0);
        await store.Memory.RepairAsync();
        Assert.Empty(await store.Memory.CheckAsync(full: true));
    }

    [Fact]
    public async Task Damaged_intent_is_reported_and_prevents_purge()
    {
        var store = await CreateAsync();
        var intent = await CommitIntent.CreateAsync(store.Memory, "artifacts/m/log/000000000002.json", Token);
        await CheckDamageAsync(store, intent.Key, StoreProblemKind.IntentDamaged);
        var optimizer = new StoreOptimizer(store.Versions, new CleanupOptions(), new TransferProgress());
        await optimizer.PlanAsync(Token);
        var error = await Assert.ThrowsAsync<ObjectCorruptException>(() =>
            optimizer.CleanUpAsync(StoreCleanupKind.CondemnedObjects, Token)
        );
        Assert.Contains(intent.Key, error.Message, StringComparison.Ordinal);
    }

    private static async Task<TestStore> CreateAsync()
    {
        var store = await TestStore.CreateAsync();
        await store.PublishAsync("m", ("a", "1"));
        return store;
    }

    private static async Task CheckDamageAsync(TestStore store, string key, StoreProblemKind kind, long at = 90)
    {
        store.Memory.FlipBit(key, at);
        var problem = Assert.Single(await store.Memory.CheckAsync());
        Assert.Equal((kind, key), (problem.Kind, problem.Key));
        Assert.Equal(ProblemSeverity.Warning, problem.Severity);
    }
}
