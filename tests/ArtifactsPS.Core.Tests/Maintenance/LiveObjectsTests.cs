using ArtifactsPS.Core.Tests.Fixtures;

namespace ArtifactsPS.Core.Tests.Maintenance;

/// <summary>Objects that a clean-up keeps.</summary>
public sealed class LiveObjectsTests
{
    [Fact]
    public async Task Needed_objects_are_found_without_recording_trees()
    {
        var memory = new MemoryObjectStore();
        await UntidyStore.FillAsync(await VersionStore.CreateAsync(memory, Token));

        var objects = await ReadAsync(memory, keepsRuns: false);
        var trees = await ReadAsync(memory, keepsRuns: true);

        Assert.NotEmpty(trees.Graph.Nodes);
        Assert.Empty(objects.Graph.Nodes);
        Assert.Equal(trees.Graph.Objects.Keys.Order(Digest.Order), objects.Graph.Objects.Keys.Order(Digest.Order));
    }

    [Fact]
    public async Task Reading_again_reads_only_new_transactions()
    {
        var store = await TestStore.CreateAsync();
        for (var i = 0; i < 5; i++)
            await store.PublishAsync("m", ("a", $"{i}"));
        var needed = await ReadAsync(store.Counting, keepsRuns: false);
        var added = await store.PublishAsync("m", ("a", "new"));
        var other = await store.PublishAsync("other", ("a", "other"));
        store.Counting.Reset();

        await needed.ReadAgainAsync(Token);

        Assert.Equal(
            new[] { store.LogKeys("m")[^1], store.LogKeys("other")[0] },
            store.Counting.KeysOf("read").Where(key => key.Contains("/log/", StringComparison.Ordinal)).Order()
        );
        Assert.All(
            [added, other],
            version => Assert.True(needed.Contains(version.Record.StoredRoot!.Location.Object.Digest))
        );
    }

    [Fact]
    public async Task Objects_of_restored_version_are_needed_again()
    {
        var store = await TestStore.CreateAsync();
        var version = await store.PublishAsync("m", ("a", "1"));
        await store.PublishAsync("m", ("a", "2"));
        var root = version.RootKey();
        var bytes = store.Memory[root];
        Assert.True(await store.Memory.DeleteAsync(root, Token));
        // The version is removed while its page is read, so that the missing page is no damage.
        var removing = new RemovingStore(
            store.Memory,
            root,
            () => VersionEditor.DeleteAsync(version, true, null, Token).GetAwaiter().GetResult()
        );
        var needed = await ReadAsync(removing, keepsRuns: false);
        Assert.True(removing.IsDone);
        store.Memory[root] = bytes;

        await VersionRestorer.RestoreAsync(store.Versions, version.Name, 0, null, Token);
        await needed.ReadAgainAsync(Token);

        Assert.True(needed.Contains(version.Record.StoredRoot!.Location.Object.Digest));
        store.Memory[root] = [];
        await Assert.ThrowsAsync<StoreDamagedException>(() => needed.ReadAgainAsync(Token));
    }

    [Fact]
    public async Task Missing_transaction_stops_reading_again()
    {
        var store = await TestStore.CreateAsync();
        await store.PublishAsync("m", ("a", "1"));
        var needed = await ReadAsync(store.Memory, keepsRuns: false);
        await store.PublishAsync("m", ("a", "2"));
        await store.PublishAsync("m", ("a", "3"));
        await store.Memory.DeleteAsync(store.LogKeys("m")[1], Token);

        await Assert.ThrowsAsync<StoreDamagedException>(() => needed.ReadAgainAsync(Token));
    }

    [Fact]
    public async Task Many_objects_are_listed_folder_by_folder()
    {
        var memory = new MemoryObjectStore();
        var keys = Enumerable
            .Range(0, 300)
            .Select(i => StoreLayout.ObjectKey(Sha256.Of(BitConverter.GetBytes(i))))
            .ToList();
        foreach (var key in keys)
            memory[key] = [1];
        var counting = new CountingObjectStore(memory);

        var few = await ObjectListing.ListAsync(counting, Token).ToListAsync(Token);
        var requests = counting.Count;
        var many = await ObjectListing.ListAsync(counting, Token, parallelFrom: 100).ToListAsync(Token);

        Assert.Equal(1, requests);
        Assert.Equal(keys.Order(StringComparer.Ordinal), few.Select(key => key.Key).Order(StringComparer.Ordinal));
        Assert.Equal(keys.Order(StringComparer.Ordinal), many.Select(key => key.Key).Order(StringComparer.Ordinal));
        Assert.True(counting.Count > 100);
    }

    private static async Task<LiveObjects> ReadAsync(IObjectStore store, bool keepsRuns)
    {
        var needed = new LiveObjects(store, keepsRuns, new TransferProgress());
        await needed.ReadAsync((_, _) => false, Token);
        return needed;
    }

    private sealed class RemovingStore(IObjectStore inner, string trigger, Action remove) : StoreDecorator(inner)
    {
        private int _done;

        public bool IsDone => _done != 0;

        protected override void Before(string operation, string key)
        {
            if (operation == "read" && key == trigger && Interlocked.Exchange(ref _done, 1) == 0)
                remove();
        }
    }
}
