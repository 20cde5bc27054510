using ArtifactsPS.Core.Tests.Fixtures;
using Newtonsoft.Json.Linq;

namespace ArtifactsPS.Core.Tests.Distributed;

/// <summary>Contributing reads the end of the log, and completing reads each record once.</summary>
public sealed class DistributedCostTests : DistributedFixture
{
    [Fact]
    public async Task Reads_of_contributor_do_not_depend_on_earlier_ones()
    {
        var counts = new List<int>();
        for (var i = 0; i < 200; i++)
        {
            Store.Counting.Reset();
            await ContributeAsync($"writer{i}", ($"{i}.txt", $"{i}"));
            counts.Add(LogReads().Count);
        }
        Assert.All(counts.Skip(1), count => Assert.Equal(1, count));
    }

    [Fact]
    public async Task Complete_reads_each_record_once()
    {
        for (var i = 0; i < 200; i++)
            await ContributeAsync($"writer{i}", ($"{i}.txt", $"{i}"));
        Store.Counting.Reset();

        var version = await CompleteAsync();

        Assert.Equal(200, version.Record.Root.EntryCount);
        Assert.Equal(200, LogReads().Count);
        Assert.Equal(200, LogReads().Distinct().Count());
    }

    [Fact]
    public async Task Complete_reads_pages_of_merged_tree_only()
    {
        for (var i = 0; i < 100; i++)
            await ContributeAsync($"writer{i}", ($"{i}.txt", $"{i}"));
        Store.Counting.Reset();

        await CompleteAsync();

        var reads = Store.Counting.KeysOf("read").Count(key => key.StartsWith("objects/", StringComparison.Ordinal));
        Assert.InRange(reads, 0, 8);
    }

    [Fact]
    public async Task Records_without_effect_are_skipped()
    {
        var log = new DistributedLog(Versions, ArtifactName.Parse(Name), DistributedId.Parse(Id));
        await log.TakeNumberAsync(1, Token);
        await ContributeAsync("first", ("a.txt", "A"));
        await log.TakeNumberAsync(3, Token);
        await log.TakeNumberAsync(4, Token);
        await using var draft = Store.Begin(Name, "other");
        await Assert.ThrowsAsync<ArtifactTypeMismatchException>(() => draft.ContributeAsync(Id, "second"));

        Assert.Equal(5, (await ContributeAsync("second", ("b.txt", "B"))).Number);
        Assert.Equal(["a.txt", "b.txt"], await (await CompleteAsync()).PathsAsync());
    }

    [Fact]
    public async Task Missing_record_is_reported_to_contributor()
    {
        for (var i = 0; i < 3; i++)
            await ContributeAsync($"writer{i}", ($"{i}.txt", $"{i}"));
        await Store.Memory.DeleteAsync("artifacts/results/distributed/group-1/log/000000000002.json", Token);

        await Assert.ThrowsAsync<LogIncompleteException>(() => ContributeAsync("late", ("late.txt", "L")));
    }

    // The totals count a property once for each writer. Merged, it is there once.
    [Fact]
    public async Task Same_metadata_and_tags_of_all_writers_are_accepted()
    {
        var text = new string('x', VersionLimits.MetadataLength / 2);
        for (var i = 0; i < 5; i++)
        {
            await using var draft = ArtifactDraft.Begin(
                Versions,
                ArtifactName.Parse(Name),
                TypeName.Parse("data"),
                [.. Enumerable.Range(0, VersionLimits.Tags / 2).Select(tag => TagName.Parse($"tag{tag}"))]
            );
            draft.Metadata = new JObject { ["same"] = text };
            await draft.AddTextAsync($"{i}.txt", "");
            await draft.ContributeAsync(Id, $"writer{i}");
        }
        var version = await CompleteAsync();

        Assert.Equal(text, (string?)version.Record.Metadata!["same"]);
        Assert.Equal(VersionLimits.Tags / 2, version.Record.Tags.Count);
    }

    private List<string> LogReads() =>
        [
            .. Store
                .Counting.KeysOf("read")
                .Where(key => key.Contains("/distributed/group-1/log/0", StringComparison.Ordinal)),
        ];
}
