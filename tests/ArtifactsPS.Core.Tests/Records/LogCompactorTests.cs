using ArtifactsPS.Core.Tests.Fixtures;
using ArtifactsPS.Core.Tests.Maintenance;

namespace ArtifactsPS.Core.Tests.Records;

/// <summary>Compaction of logs: segments, deletion of single records, and writers that were suspended meanwhile.</summary>
public sealed class LogCompactorTests
{
    private const string Folder = "artifacts/m/log/";
    private const string First = Folder + "s000000001.json";

    [Theory]
    [InlineData(999 + LogCompactor.Distance, 0)]
    [InlineData(1_000 + LogCompactor.Distance, 1)]
    [InlineData(3_500, 3)]
    public async Task Complete_ranges_are_compacted_behind_the_end(int transactions, int segments)
    {
        var (store, log) = await StoreOfAsync(transactions);
        await CompactAsync(store);
        Assert.Equal(segments, store.Memory.Keys.Count(key => key.StartsWith(Folder + "s", StringComparison.Ordinal)));
        Assert.Equal(transactions, Singles(store).Count);

        var compaction = await CompactAsync(store);

        Assert.Empty(compaction.Segments);
        Assert.Equal(segments * 1_000, compaction.Obsolete.Count);
        Assert.Equal(transactions - (segments * 1_000), Singles(store).Count);
        await AssertReadsAsync(store, log);
    }

    [Fact]
    public async Task Young_segment_keeps_its_single_records()
    {
        var (store, _) = await StoreOfAsync(1_100);
        await CompactAsync(store);
        await new LogCompactor(store.Memory, Folder).CompactAsync(DateTimeOffset.UtcNow.AddHours(-1), Token);
        Assert.Equal(1_100, Singles(store).Count);
    }

    [Fact]
    public async Task Segment_is_concatenation_of_its_records()
    {
        var (store, log) = await StoreOfAsync(1_100);
        var records = Enumerable.Range(1, 1_000).SelectMany(number => store.Memory[log.KeyOf(number)]).ToArray();
        await CompactAsync(store);
        Assert.Equal(records, store.Memory[First]);
    }

    [Fact]
    public async Task Writer_suspended_during_compaction_withdraws_its_record()
    {
        var (store, log) = await StoreOfAsync(500);
        var catalog = new Catalog(store.Memory, ArtifactName.Parse("m"));
        var update = await catalog.BeginUpdateAsync(null, Token);
        log.ExtendTo(1_200);
        await CompactAsync(store);
        await CompactAsync(store);
        Assert.False(await store.Memory.ExistsAsync(log.KeyOf(501), Token));

        SetAliasAction[] actions = [new(AliasName.Parse("prod"), 0)];
        Assert.False(await update.TryCommitAsync(actions, Token));
        Assert.False(await store.Memory.ExistsAsync(log.KeyOf(501), Token));
        Assert.Equal(1_200, update.State.LastTransaction);
        Assert.True(await update.TryCommitAsync(actions, Token));

        var state = await catalog.ReadAsync(Token);
        Assert.Equal((1_201, 0), (state.LastTransaction, state.Aliases[AliasName.Parse("prod")]));
    }

    [Fact]
    public async Task Writer_suspended_after_its_creation_finds_record_in_segment()
    {
        var (store, log) = await StoreOfAsync(500);
        var pausing = new PausingStore(store.Memory);
        var update = await new Catalog(pausing, ArtifactName.Parse("m")).BeginUpdateAsync(null, Token);
        pausing.OnLook = async () =>
        {
            var others = await GeneratedLog.OfAsync(store.Memory, "m");
            Assert.Equal(501, others.Last);
            others.ExtendTo(1_200);
            await CompactAsync(store);
            await CompactAsync(store);
        };

        Assert.True(await update.TryCommitAsync([new SetAliasAction(AliasName.Parse("prod"), 0)], Token));

        Assert.Equal(1_200, update.State.LastTransaction);
        Assert.Equal(0, update.State.Aliases[AliasName.Parse("prod")]);
        Assert.False(await store.Memory.ExistsAsync(log.KeyOf(501), Token));
    }

    [Fact]
    public async Task Record_in_compacted_range_does_not_count()
    {
        var (store, log) = await StoreOfAsync(1_100);
        await CompactAsync(store);
        await CompactAsync(store);
        store.Memory[log.KeyOf(700)] = SealedRecord.Encode("{\"number\":700}");
        await AssertReadsAsync(store, log);
        Assert.Empty(await LogProblemsAsync(store));
        await CompactAsync(store);
        Assert.False(await store.Memory.ExistsAsync(log.KeyOf(700), Token));
    }

    [Fact]
    public async Task Reader_finds_records_that_were_compacted_after_its_listing()
    {
        var (store, log) = await StoreOfAsync(1_100);
        foreach (var key in store.CheckpointKeys("m"))
            await store.Memory.DeleteAsync(key, Token);
        var pausing = new PausingStore(store.Memory);
        pausing.OnRead = async key =>
        {
            if (key != log.KeyOf(33))
                return;
            await CompactAsync(store);
            await CompactAsync(store);
        };
        Assert.Equal(log.Text, (await new Catalog(pausing, ArtifactName.Parse("m")).ReadAsync(Token)).Describe());
    }

    [Theory]
    [InlineData("missing")]
    [InlineData("damaged")]
    public async Task Incomplete_range_is_not_compacted(string fault)
    {
        var (store, log) = await StoreOfAsync(1_100);
        if (fault == "missing")
            await store.Memory.DeleteAsync(log.KeyOf(70), Token);
        else
            store.Memory[log.KeyOf(70)] = [];
        await CompactAsync(store);
        Assert.False(await store.Memory.ExistsAsync(First, Token));
    }

    [Fact]
    public async Task Damaged_segment_is_reported_and_keeps_single_records()
    {
        var (store, _) = await StoreOfAsync(1_100);
        await CompactAsync(store);
        store.Memory.FlipBit(First, 5_000);
        await CompactAsync(store);
        Assert.Equal(1_100, Singles(store).Count);
        var problem = Assert.Single(await LogProblemsAsync(store));
        Assert.Equal((StoreProblemKind.TransactionDamaged, First), (problem.Kind, problem.Key));
        await Assert.ThrowsAsync<ObjectCorruptException>(async () =>
            await store.Versions.OpenCatalog(ArtifactName.Parse("m")).HistoryAsync(Token).CountAsync(Token)
        );
    }

    [Fact]
    public async Task Log_of_segments_alone_is_read_and_measured()
    {
        var (store, _) = await StoreOfAsync(2_064);
        await CompactAsync(store);
        await CompactAsync(store);
        foreach (var number in Enumerable.Range(2_001, 64))
            await store.Memory.DeleteAsync(StoreLayout.NumberedKey(Folder, number), Token);
        foreach (var key in store.CheckpointKeys("m"))
            await store.Memory.DeleteAsync(key, Token);
        await store.ReopenAsync();
        Assert.Equal(2_000, (await store.Versions.ReadCatalogAsync(ArtifactName.Parse("m"), Token)).LastTransaction);
        Assert.Equal(1, (await store.Versions.MeasureAsync(Token)).Artifacts);
    }

    private static async Task<(TestStore Store, GeneratedLog Log)> StoreOfAsync(int transactions)
    {
        var store = await TestStore.CreateAsync();
        var log = await GeneratedLog.OfAsync(store.Memory, "m");
        log.ExtendTo(transactions);
        return (store, log);
    }

    // Every existing segment counts as old.
    private static Task<LogCompaction> CompactAsync(TestStore store) =>
        new LogCompactor(store.Memory, Folder).CompactAsync(DateTimeOffset.MaxValue, Token);

    // The versions of the log have no content.
    private static async Task<IReadOnlyList<StoreProblem>> LogProblemsAsync(TestStore store) =>
        [
            .. (await store.Memory.CheckAsync()).Where(problem =>
                problem.Key.StartsWith("artifacts/", StringComparison.Ordinal)
            ),
        ];

    private static List<string> Singles(TestStore store) =>
        [.. store.Memory.Keys.Where(key => key.StartsWith(Folder + "0", StringComparison.Ordinal))];

    private static async Task AssertReadsAsync(TestStore store, GeneratedLog log)
    {
        await store.ReopenAsync();
        var catalog = store.Versions.OpenCatalog(ArtifactName.Parse("m"));
        Assert.Equal(log.Text, (await catalog.ReadAsync(Token)).Describe());
        Assert.Equal(log.Last, await catalog.HistoryAsync(Token).CountAsync(Token));
        foreach (var key in store.CheckpointKeys("m"))
            await store.Memory.DeleteAsync(key, Token);
        Assert.Equal(log.Text, (await catalog.ReadAsync(Token)).Describe());
    }

    private sealed class PausingStore(IObjectStore inner) : StoreDecorator(inner)
    {
        public Func<Task>? OnLook { get; set; }

        public Func<string, Task>? OnRead { get; set; }

        protected override async Task BeforeAsync(string operation, string key)
        {
            if (operation == "look" && OnLook is { } look)
            {
                OnLook = null;
                await look();
            }
            if (operation == "read" && OnRead is { } read)
                await read(key);
        }
    }
}
