using ArtifactsPS.Core.Tests.Fixtures;
using Newtonsoft.Json.Linq;

namespace ArtifactsPS.Core.Tests.Reports;

public sealed class ReportReaderTests : IAsyncLifetime
{
    private ReportFixture _report = null!;

    public async ValueTask InitializeAsync() => _report = await ReportFixture.CreateAsync();

    public ValueTask DisposeAsync()
    {
        _report.Dispose();
        return default;
    }

    [Fact]
    public async Task Version_change_is_counted_against_previous_version()
    {
        await _report.Store.PublishAsync("m", ("same", "1"), ("changed", "12"), ("gone", "123"));
        await _report.Store.PublishAsync("m", ("same", "1"), ("changed", "12345"), ("new", "1234567"));

        var versions = (await ArtifactAsync())["versions"]!;

        Assert.Equal(JTokenType.Null, versions[0]!["change"]!.Type);
        Assert.Equal(
            """{"added":{"entries":1,"bytes":7},"modified":{"entries":1,"bytes":5},"removed":{"entries":1,"bytes":3}}""",
            versions[1]!["change"]!.ToString(Newtonsoft.Json.Formatting.None)
        );
        Assert.Equal([6, 13], versions.Select(version => (int)version["size"]!));
        Assert.Equal(["latest"], versions[1]!["aliases"]!.Values<string>());
    }

    [Fact]
    public async Task Renamed_artifact_has_its_name_description_and_tags()
    {
        await _report.Store.PublishAsync("old", ("a", "1"));
        var (store, name) = (_report.Store.Versions, ArtifactName.Parse("old"));
        var edit = new EditArtifactAction { Description = "text", AddTags = [TagName.Parse("vision")] };
        await ArtifactEditor.EditAsync(store, name, edit, null, Token);
        await ArtifactRenamer.RenameAsync(store, name, ArtifactName.Parse("new"), null, Token);

        var artifact = await ArtifactAsync();

        Assert.Equal(("new", "text"), ((string?)artifact["name"], (string?)artifact["artifactDescription"]));
        Assert.Equal(["vision"], artifact["tags"]!.Values<string>());
    }

    [Fact]
    public async Task Listing_has_largest_entries_and_totals()
    {
        await _report.Store.PublishAsync("m", ("c", "123"), ("a", "1"), ("b", "123"), ("d", "12345"), ("e", ""));

        var listing = (await ArtifactAsync(new ReportLimits { Entries = 3 }))["listing"]!;

        Assert.Equal(["d", "b", "c"], listing["entries"]!.Select(entry => (string?)entry["path"]));
        Assert.Equal((5, 12, 11), ((int)listing["total"]!, (int)listing["totalSize"]!, (int)listing["shownSize"]!));
    }

    [Fact]
    public async Task Entry_limit_is_shared_by_artifacts()
    {
        foreach (var name in new[] { "m1", "m2" })
            await _report.Store.PublishAsync(name, [.. Enumerable.Range(0, 150).Select(i => ($"f{i}", $"{name} {i}"))]);

        var data = ReportFixture.DataOf(await _report.ExportAsync(new ReportLimits { TotalEntries = 240 }));

        Assert.Equal([120, 120], data["artifacts"]!.Select(artifact => artifact["listing"]!["entries"]!.Count()));
    }

    [Fact]
    public async Task Newest_versions_are_listed_with_their_changes()
    {
        for (var i = 0; i < 4; i++)
            await _report.Store.PublishAsync("m", ("a", new string('x', i + 1)));

        var artifact = await ArtifactAsync(new ReportLimits { Versions = 2 });

        Assert.Equal((4, 2), ((int)artifact["versionCount"]!, (int)artifact["omitted"]!));
        Assert.Equal(["v2", "v3"], artifact["versions"]!.Select(version => (string?)version["version"]));
        Assert.Equal(1, (int)artifact["versions"]![0]!["change"]!["modified"]!["entries"]!);
    }

    [Fact]
    public async Task Long_metadata_is_omitted()
    {
        await using var draft = _report.Store.Begin("m");
        draft.Metadata = new JObject { ["long"] = new string('x', 50) };
        await draft.PublishAsync();

        var cut = (await ArtifactAsync(new ReportLimits { MetadataLength = 40 }))["versions"]![0]!;
        var whole = (await ArtifactAsync())["versions"]![0]!;

        Assert.Equal((JTokenType.Null, true), (cut["metadata"]!.Type, (bool)cut["metadataOmitted"]!));
        Assert.Equal((50, false), (((string)whole["metadata"]!["long"]!).Length, (bool)whole["metadataOmitted"]!));
    }

    [Fact]
    public async Task Long_lineage_is_cut_and_marked_as_omitted()
    {
        var links = new RunLinks(_report.Store.Versions);
        var used = await _report.Store.PublishAsync("base", ("a", "a"));
        for (var i = 0; i < 6; i++)
            await links.AddAsync(RunId.Parse($"run-{i}"), used, RunRole.Input, Token);

        var cut = (await ArtifactAsync(new ReportLimits { LineageNodes = 4 }))["lineage"]!;
        var whole = (await ArtifactAsync())["lineage"]!;

        Assert.Equal((4, 3, true), (cut["nodes"]!.Count(), cut["edges"]!.Count(), (bool)cut["omitted"]!));
        Assert.Equal((7, 6, false), (whole["nodes"]!.Count(), whole["edges"]!.Count(), (bool)whole["omitted"]!));
    }

    private async Task<JToken> ArtifactAsync(ReportLimits? limits = null) =>
        ReportFixture.DataOf(await _report.ExportAsync(limits))["artifacts"]![0]!;
}
