using ArtifactsPS.Core.Tests.Fixtures;

namespace ArtifactsPS.Core.Tests.Runs;

public sealed class LineageWalkerTests : IAsyncLifetime
{
    private TestStore _store = null!;
    private RunLinks _links = null!;

    public async ValueTask InitializeAsync()
    {
        _store = await TestStore.CreateAsync();
        _links = new RunLinks(_store.Versions);
    }

    public ValueTask DisposeAsync() => default;

    [Fact]
    public async Task Upstream_lineage_has_producing_runs_and_their_inputs()
    {
        await AddChainAsync();
        var lineage = await WalkAsync("model:v0", LineageDirection.Upstream);
        Assert.Equal([(-4, "raw:v0"), (-3, "clean"), (-2, "data:v0"), (-1, "train"), (0, "model:v0")], Levels(lineage));
        Assert.Equal(["clean -> data:v0", "data:v0 -> train", "raw:v0 -> clean", "train -> model:v0"], Edges(lineage));
    }

    [Fact]
    public async Task Downstream_lineage_has_consuming_runs_and_their_outputs()
    {
        await AddChainAsync();
        var lineage = await WalkAsync("model:v0", LineageDirection.Downstream);
        Assert.Equal([(0, "model:v0"), (1, "eval-1"), (1, "eval-2"), (2, "report:v0")], Levels(lineage));
        Assert.Equal(["eval-1 -> report:v0", "model:v0 -> eval-1", "model:v0 -> eval-2"], Edges(lineage));
    }

    [Fact]
    public async Task Lineage_in_both_directions_is_sorted_by_level()
    {
        await AddChainAsync();
        var lineage = await WalkAsync("model:v0", LineageDirection.Both);
        Assert.Equal(8, lineage.Nodes.Count);
        Assert.Equal(7, lineage.Edges.Count);
        Assert.Equal(
            lineage.Nodes.Select(node => (node.Level, node.Id)).Order(),
            lineage.Nodes.Select(node => (node.Level, node.Id))
        );
        // Another output derived from raw:v0 is not part of the lineage.
        Assert.DoesNotContain("other:v0", lineage.Nodes.Select(node => node.Id));
    }

    [Fact]
    public async Task Nodes_have_kind_name_and_type()
    {
        await AddChainAsync();
        var lineage = await WalkAsync("model:v0", LineageDirection.Upstream, 1);
        var run = lineage.Nodes[0];
        Assert.Equal((LineageKind.Run, "the run train", "job", false), (run.Kind, run.Name, run.Type, run.IsGone));
        var version = lineage.Nodes[1];
        Assert.Equal(
            (LineageKind.Version, "model:v0", "model", false),
            (version.Kind, version.Name, version.Type, version.IsGone)
        );
    }

    [Theory]
    [InlineData(0, new[] { "model:v0" })]
    [InlineData(1, new[] { "eval-1", "eval-2", "model:v0", "train" })]
    [InlineData(2, new[] { "data:v0", "eval-1", "eval-2", "model:v0", "report:v0", "train" })]
    public async Task Lineage_is_limited_to_given_levels(int levels, string[] expected)
    {
        await AddChainAsync();
        var lineage = await WalkAsync("model:v0", LineageDirection.Both, levels);
        Assert.Equal(expected, lineage.Nodes.Select(node => node.Id).Order(StringComparer.Ordinal));
        Assert.All(
            lineage.Edges,
            edge => Assert.Subset(expected.ToHashSet(), new HashSet<string> { edge.From, edge.To })
        );
    }

    [Theory]
    [InlineData(LineageDirection.Upstream)]
    [InlineData(LineageDirection.Downstream)]
    [InlineData(LineageDirection.Both)]
    public async Task Cyclic_lineage_is_walked_once(LineageDirection direction)
    {
        await StartAsync("one");
        await StartAsync("two");
        await LinkAsync("a:v0", "one", "b:v0");
        await LinkAsync("b:v0", "two", "a:v0");
        var lineage = await WalkAsync("a:v0", direction);
        Assert.Equal(["a:v0", "b:v0", "one", "two"], lineage.Nodes.Select(node => node.Id).Order());
        Assert.Equal(["a:v0 -> one", "b:v0 -> two", "one -> b:v0", "two -> a:v0"], Edges(lineage));
    }

    [Fact]
    public async Task Run_with_same_input_and_output_is_cycle()
    {
        await StartAsync("one");
        await LinkAsync("a:v0", "one", "a:v0");
        var lineage = await WalkAsync("a:v0", LineageDirection.Both);
        Assert.Equal(["a:v0 -> one", "one -> a:v0"], Edges(lineage));
        Assert.Equal(2, lineage.Nodes.Count);
    }

    [Fact]
    public async Task Deleted_versions_and_missing_runs_are_marked_gone()
    {
        await AddChainAsync();
        await VersionEditor.DeleteAsync(await _store.FindAsync("data:v0"), evenIfInUse: false, null, Token);
        await _store.Memory.DeleteAsync("runs/clean/start.json", Token);
        var lineage = await WalkAsync("model:v0", LineageDirection.Upstream);
        Assert.Equal(
            [("raw:v0", false), ("clean", true), ("data:v0", true), ("train", false), ("model:v0", false)],
            lineage.Nodes.Select(node => (node.Id, node.IsGone))
        );
        Assert.Equal(4, lineage.Edges.Count);
    }

    [Fact]
    public async Task Run_recorded_in_version_is_producer_without_link()
    {
        await StartAsync("Maker");
        await using var draft = _store.Begin();
        await draft.AddTextAsync("a.txt", "A");
        await Publisher.PublishAsync(draft, [], [], RunId.Parse("Maker"), Token);
        var lineage = await WalkAsync("model:v0", LineageDirection.Both);
        Assert.Equal(["Maker -> model:v0"], Edges(lineage));
    }

    [Fact]
    public async Task Names_ignore_case_and_keep_first_spelling()
    {
        await StartAsync("Run-A");
        await _store.PublishAsync("Data", ("of.txt", "data"));
        await LinkAsync("data:v0", "run-a", "Model:v0");
        await LinkAsync("DATA:v0", "RUN-A", "MODEL:v0");
        var lineage = await WalkAsync("MODEL:v0", LineageDirection.Upstream);
        Assert.Equal(["Data:v0 -> Run-A", "Run-A -> Model:v0"], Edges(lineage));
    }

    [Fact]
    public async Task Lineage_reads_no_unrelated_runs()
    {
        await AddChainAsync();
        for (var i = 0; i < 30; i++)
        {
            await StartAsync($"unrelated-{i}");
            await LinkAsync("other:v0", $"unrelated-{i}", $"result{i}:v0");
        }
        await _store.ReopenAsync();
        var start = await _store.FindAsync("model:v0");
        _store.Counting.Reset();
        await new LineageWalker(_store.Versions).WalkAsync(start, LineageDirection.Both, int.MaxValue, Token);

        var asked = _store.Counting.KeysOf("read").Concat(_store.Counting.KeysOf("list")).ToList();
        Assert.Contains("runs/train/start.json", asked);
        Assert.DoesNotContain("runs/", asked);
        Assert.DoesNotContain("artifacts/", asked);
        Assert.DoesNotContain(asked, key => key.Contains("unrelated", StringComparison.Ordinal));
        Assert.DoesNotContain(asked, key => key.Contains("result", StringComparison.Ordinal));
        Assert.InRange(asked.Count, 1, 80);
    }

    // raw -> clean -> data -> train -> model -> eval-1 -> report. The run eval-2 reads model and has no output. The run
    // elsewhere reads raw and creates other.
    private async Task AddChainAsync()
    {
        foreach (var run in new[] { "clean", "train", "eval-1", "eval-2", "elsewhere" })
            await StartAsync(run);
        await LinkAsync("raw:v0", "clean", "data:v0");
        await LinkAsync("data:v0", "train", "model:v0");
        await LinkAsync("model:v0", "eval-1", "report:v0");
        await LinkAsync("model:v0", "eval-2", null);
        await LinkAsync("raw:v0", "elsewhere", "other:v0");
    }

    private Task StartAsync(string id) =>
        new RunJournal(_store.Versions).StartAsync(
            new RunRecord
            {
                Id = RunId.Parse(id),
                Name = $"the run {id}",
                JobType = "job",
                User = "user",
                Machine = "machine",
                StartedAt = DateTimeOffset.UnixEpoch,
            },
            Token
        );

    private async Task LinkAsync(string input, string run, string? output)
    {
        await _links.AddAsync(RunId.Parse(run), await EnsureAsync(input), RunRole.Input, Token);
        if (output is not null)
            await _links.AddAsync(RunId.Parse(run), await EnsureAsync(output), RunRole.Output, Token);
    }

    private async Task<PublishedVersion> EnsureAsync(string reference)
    {
        var name = ArtifactReference.Parse(reference).Name;
        return await _store.PublishAsync(name.ToString(), ("of.txt", name.Key));
    }

    private async Task<Lineage> WalkAsync(string reference, LineageDirection direction, int levels = int.MaxValue) =>
        await new LineageWalker(_store.Versions).WalkAsync(await _store.FindAsync(reference), direction, levels, Token);

    private static IEnumerable<(int, string)> Levels(Lineage lineage) =>
        lineage.Nodes.Select(node => (node.Level, node.Id));

    private static IEnumerable<string> Edges(Lineage lineage) =>
        lineage.Edges.Select(edge => $"{edge.From} -> {edge.To}").Order(StringComparer.Ordinal);
}
