using ArtifactsPS.Core.Tests.Fixtures;

namespace ArtifactsPS.Core.Tests.Catalogs;

/// <summary>Requests to a remote store by a machine that caches the states of catalogs.</summary>
public sealed class CatalogCacheTests : RemoteCatalogTests
{
    // Maximum number of requests beyond those of a full read, for a cached state with many newer transactions.
    private const int MaxExtraRequests = 6;

    [Theory]
    [InlineData(1)]
    [InlineData(31)]
    [InlineData(32)]
    [InlineData(9_984)]
    [InlineData(10_000)]
    [InlineData(10_015)]
    public async Task Reading_unchanged_artifact_takes_three_requests(int transactions)
    {
        Log.ExtendTo(transactions);
        // Reads the pages of all versions.
        (await Machine.ReadAsync(Name)).Describe();
        Store.Counting.Reset();

        Assert.Equal(Log.Text, (await Machine.ReadAsync(Name)).Describe());

        Assert.Equal(
            [Log.KeyOf(transactions), "store.json"],
            Store.Counting.KeysOf("read").Order(StringComparer.Ordinal)
        );
        Assert.Single(Store.Counting.KeysOf("list"));
        Assert.Equal(3, Store.Counting.Count);
    }

    [Fact]
    public async Task Missing_artifact_is_read_again_each_time()
    {
        Assert.Equal(0, (await Machine.ReadAsync(Name)).LastTransaction);
        Store.Counting.Reset();
        Assert.Equal(0, (await Machine.ReadAsync(Name)).LastTransaction);
        Assert.Equal(3, Store.Counting.Count);
        Assert.Empty(Machine.CatalogFiles);
        Log.ExtendTo(1);
        Assert.Equal(Log.Text, (await Machine.ReadAsync(Name)).Describe());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(16)]
    [InlineData(31)]
    public async Task First_read_requests_no_missing_keys(int afterCheckpoint)
    {
        Log.ExtendTo(320 + afterCheckpoint);
        Store.Counting.Reset();

        var state = await Machine.ReadAsync(Name);

        // The checkpoints, and the transactions after the newest one.
        Assert.Equal(2, Store.Counting.KeysOf("list").Count);
        // Not counting store.json and the checkpoint.
        Assert.Equal(afterCheckpoint, Store.Counting.KeysOf("read").Count - 2);
        Assert.Equal(Log.Text, state.Describe());
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 4)]
    [InlineData(1, 5)]
    [InlineData(1, 200)]
    [InlineData(40, 4)]
    [InlineData(40, 5)]
    [InlineData(40, 6)]
    [InlineData(40, 23)]
    [InlineData(40, 24)]
    [InlineData(40, 25)]
    [InlineData(40, 40)]
    [InlineData(95, 1)]
    [InlineData(95, 10)]
    [InlineData(96, 1_000)]
    public async Task Newer_transactions_are_read_at_low_cost(int read, int since)
    {
        Log.ExtendTo(read);
        await Machine.ReadAsync(Name);
        Log.ExtendTo(read + since);
        using var another = new CachingMachine(Store.Counting);
        Store.Counting.Reset();
        Assert.Equal(Log.Text, (await another.ReadAsync(Name)).Describe());
        var all = Store.Counting.Count;

        Store.Counting.Reset();
        Assert.Equal(Log.Text, (await Machine.ReadAsync(Name)).Describe());

        Assert.InRange(Store.Counting.Count, 3, all + MaxExtraRequests);
        if (since <= 16)
            Assert.Single(Store.Counting.KeysOf("list"));
        await AssertRemembersAsync();
    }

    [Fact]
    public async Task Change_to_cached_state_takes_four_requests()
    {
        Log.ExtendTo(40);
        await Machine.ReadAsync(Name);
        var versions = await Machine.OpenAsync();
        Store.Counting.Reset();

        var state = await SetAliasAsync(versions);

        Assert.Equal([Log.KeyOf(40)], Store.Counting.KeysOf("read"));
        Assert.Single(Store.Counting.KeysOf("list"));
        Assert.Equal([Log.KeyOf(41)], Store.Counting.KeysOf("create"));
        // Whether a segment contains the number.
        Assert.Equal(["artifacts/m/log/s000000001.json"], Store.Counting.KeysOf("look"));
        Assert.Equal(4, Store.Counting.Count);
        Store.Counting.Reset();
        Assert.Equal(state.Describe(), (await Machine.ReadAsync(Name)).Describe());
        Assert.Equal(3, Store.Counting.Count);
    }

    [Fact]
    public async Task Reading_unchanged_state_does_not_write_cache()
    {
        Log.ExtendTo(3);
        await Machine.ReadAsync(Name);
        var file = Assert.Single(Machine.CatalogFiles);
        var time = DateTime.UtcNow.AddMinutes(-5);
        File.SetLastWriteTimeUtc(file, time);
        await Machine.ReadAsync(Name);
        Assert.Equal(time, File.GetLastWriteTimeUtc(file));
        Log.ExtendTo(4);
        await Machine.ReadAsync(Name);
        Assert.NotEqual(time, File.GetLastWriteTimeUtc(file));
    }

    [Theory]
    [InlineData(40, 50, 40)]
    [InlineData(40, 50, 50)]
    [InlineData(40, 50, 60)]
    [InlineData(1, 50, 1)]
    [InlineData(1, 50, 50)]
    [InlineData(32, 33, 32)]
    [InlineData(32, 33, 33)]
    [InlineData(32, 33, 133)]
    public async Task Store_restored_from_backup_is_read_correctly(int backedUp, int read, int now)
    {
        Log.ExtendTo(backedUp);
        var memory = Store.Memory.Copy();
        Log.ExtendTo(read);
        await Machine.ReadAsync(Name);

        // The transactions after the backup are different now.
        var log = await GeneratedLog.OfAsync(memory, Name);
        log.ExtendTo(now);
        Machine.Store = memory;

        Assert.Equal(log.Text, (await Machine.ReadAsync(Name)).Describe());
        await SetAliasAsync(await Machine.OpenAsync());
        Assert.Equal(
            Enumerable.Range(1, now + 1).Select(number => log.KeyOf(number)),
            memory.Keys.Where(key => key.Contains("/log/", StringComparison.Ordinal)).Order(StringComparer.Ordinal)
        );
        Assert.Equal(
            (await new Catalog(memory, ArtifactName.Parse(Name)).ReadAsync(Token)).Describe(),
            (await Machine.ReadAsync(Name)).Describe()
        );
    }

    [Fact]
    public async Task Change_to_store_restored_from_backup_leaves_no_gap()
    {
        Log.ExtendTo(40);
        var memory = Store.Memory.Copy();
        Log.ExtendTo(50);
        await Machine.ReadAsync(Name);
        Machine.Store = memory;

        await SetAliasAsync(await Machine.OpenAsync());

        Assert.Contains(Log.KeyOf(41), memory.Keys);
        Assert.DoesNotContain(Log.KeyOf(51), memory.Keys);
    }

    [Fact]
    public async Task Removed_artifact_is_not_read_from_cache()
    {
        Log.ExtendTo(40);
        await Machine.ReadAsync(Name);
        foreach (var key in Store.Memory.Keys.Where(key => key != "store.json"))
            await Store.Memory.DeleteAsync(key, Token);
        Assert.Equal(0, (await Machine.ReadAsync(Name)).LastTransaction);
    }

    [Fact]
    public async Task Other_store_at_same_location_is_not_mixed_up()
    {
        Log.ExtendTo(40);
        await Machine.ReadAsync(Name);
        var another = await TestStore.CreateAsync();
        var log = await GeneratedLog.OfAsync(another.Memory, Name);
        log.ExtendTo(3);
        Machine.Store = another.Counting;
        another.Counting.Reset();

        Assert.Equal(log.Text, (await Machine.ReadAsync(Name)).Describe());
        Assert.DoesNotContain(Log.KeyOf(40), another.Counting.KeysOf("read"));

        // States of both stores are cached now.
        another.Counting.Reset();
        await Machine.ReadAsync(Name);
        Assert.Equal(3, another.Counting.Count);
        Machine.Store = Store.Counting;
        await AssertRemembersAsync();
    }

    [Fact]
    public async Task Damaged_transaction_before_checkpoint_is_not_read()
    {
        Log.ExtendTo(62);
        await Machine.ReadAsync(Name);
        Log.ExtendTo(70);
        foreach (var number in new[] { 62, 63 })
        {
            var key = Log.KeyOf(number);
            var whole = Store.Memory[key];
            Store.Memory[key] = [];
            Assert.Equal(Log.Text, (await Machine.ReadAsync(Name)).Describe());
            // Restores the cached state.
            Store.Memory[key] = whole;
            Directory.Delete(Machine.Cache, recursive: true);
            Machine.Store = await StoreAfterAsync(62);
            await Machine.ReadAsync(Name);
            Machine.Store = Store.Counting;
        }
        Store.Memory[Log.KeyOf(66)] = [];
        await Assert.ThrowsAsync<ObjectCorruptException>(() => Machine.ReadAsync(Name));
    }

    private static Task<CatalogState> SetAliasAsync(VersionStore versions) =>
        versions
            .OpenCatalog(ArtifactName.Parse(Name))
            .CommitAsync(_ => [new SetAliasAction(AliasName.Parse("prod"), 0)], null, Token);

    // A copy of the store after the given number of transactions.
    private async Task<MemoryObjectStore> StoreAfterAsync(int transactions)
    {
        var memory = Store.Memory.Copy();
        foreach (var key in memory.Keys.Where(key => string.CompareOrdinal(NumberOf(key), $"{transactions:D12}") > 0))
            await memory.DeleteAsync(key, Token);
        return memory;

        static string NumberOf(string key) =>
            key.StartsWith("artifacts/", StringComparison.Ordinal) ? key[(key.LastIndexOf('/') + 1)..^5] : "";
    }
}
