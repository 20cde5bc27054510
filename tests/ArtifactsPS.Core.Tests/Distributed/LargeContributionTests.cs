using ArtifactsPS.Core.Tests.Fixtures;

namespace ArtifactsPS.Core.Tests.Distributed;

public sealed class LargeContributionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Contribution_of_many_entries_writes_pack_index_intent_and_record()
    {
        var store = await TestStore.CreateAsync();
        await using var draft = store.Begin();
        for (var i = 0; i < 100_000; i++)
            await draft.AddBytesAsync(
                EntryPath.Parse($"data/{i % 100:D2}/{i:D6}.bin"),
                BitConverter.GetBytes(i),
                replace: false,
                Token
            );
        await draft.ContributeAsync("group", "first");

        var created = store
            .Counting.Creations.Select(item => item.Key)
            .Where(key => key != "store.json")
            .Order(StringComparer.Ordinal)
            .ToList();
        Assert.Equal("artifacts/model/distributed/group/log/000000000001.json", created[0]);
        Assert.StartsWith(StoreLayout.Index, created[1], StringComparison.Ordinal);
        Assert.StartsWith(StoreLayout.Intents, created[2], StringComparison.Ordinal);
        Assert.InRange(created.Count, 4, 5);
        Assert.All(created.Skip(3), key => Assert.StartsWith(StoreLayout.Objects, key, StringComparison.Ordinal));
    }

    // Streams fit into 48 MiB; all entries in memory would need more.
    [Fact]
    public Task Merge_reads_contributions_as_streams() => CompleteAsync(16, 10_000, heapLimit: 48 << 20, 200);

    [Fact]
    public Task Large_contributions_are_merged_within_500_megabytes()
    {
        Assert.SkipUnless(
            TestSize.IsFull,
            $"It takes minutes: 64 contributions of 100,000 entries. Set {TestSize.Variable}=1 to run it."
        );
        return CompleteAsync(64, 100_000, heapLimit: null, 500_000_000 >> 20);
    }

    private async Task CompleteAsync(int contributors, int entries, long? heapLimit, int maxPeakMebibytes)
    {
        var store = await VersionStore.CreateAsync(new FolderObjectStore(_folder.Path), Token);
        for (var i = 0; i < contributors; i++)
            await ContributeReferencesAsync(store, $"writer{i:D2}", entries);
        var start = System.Diagnostics.Stopwatch.StartNew();
        using var process = WriterProcess.Start("complete", _folder.Path, "results", heapLimit, "id=group");
        await process.ReadyAsync();
        process.Release();
        var ending = (await process.EndAsync()).ShouldSucceed();
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{contributors} x {entries}: {start.Elapsed.TotalSeconds:F1} s, {ending.PeakMebibytes} MiB peak"
        );
        Assert.InRange(ending.PeakMebibytes, 1, maxPeakMebibytes);
        var version = await store.FindAsync(ArtifactReference.Parse("results"), Token);
        Assert.Equal((long)contributors * entries, version.Record.Root.EntryCount);
    }

    // Contributes entries without content, whose paths alternate with those of the other writers.
    private static async Task ContributeReferencesAsync(VersionStore store, string contributor, int count)
    {
        await using var draft = ArtifactDraft.Begin(store, ArtifactName.Parse("results"), TypeName.Parse("data"), []);
        for (var i = 0; i < count; i++)
        {
            var path = EntryPath.Parse($"data/{i % 100:D2}/{i:D6}-{contributor}.bin");
            var entry = ManifestEntry.Reference(path, $"https://example.com/{path}", null, i);
            await draft.AddAsync(entry, replace: false, Token);
        }
        await draft.ContributeAsync("group", contributor);
    }
}
