using ArtifactsPS.Core.Catalogs.Links;
using ArtifactsPS.Core.Tests.Distributed;
using ArtifactsPS.Core.Tests.Maintenance;

namespace ArtifactsPS.Core.Tests.Catalogs;

/// <summary>Renamed artifacts: all their names lead to them, and everything lists them once.</summary>
public sealed class RenamingTests : IAsyncLifetime
{
    private TestStore _store = null!;

    public async ValueTask InitializeAsync()
    {
        _store = await TestStore.CreateAsync();
        await _store.PublishAsync("net", ("file", "0"));
    }

    public ValueTask DisposeAsync() => default;

    [Fact]
    public async Task All_names_lead_to_the_artifact()
    {
        await RenameAsync("net", "Network");
        await RenameAsync("NETWORK", "graph");

        foreach (var reference in new[] { "net", "network:v0", "graph:latest" })
        {
            var version = await _store.FindAsync(reference);
            Assert.Equal(("graph", "graph:v0"), (version.Name.ToString(), version.Reference));
            Assert.Equal("0", await _store.ReadTextAsync(version, "file"));
        }
        Assert.Equal("graph:v1", (await _store.PublishAsync("net", ("file", "1"))).Reference);
        Assert.Equal("graph:v2", (await _store.PublishAsync("graph", ("file", "2"))).Reference);
        await _store.ReopenAsync();
        Assert.Equal("graph:v3", (await _store.PublishAsync("network", ("file", "3"))).Reference);
        Assert.All(_store.LogKeys("net"), key => Assert.StartsWith("artifacts/net/", key));
        Assert.Equal(["Network", "net"], (await StateAsync("graph")).FormerNames.Texts().Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Artifact_can_be_renamed_back_and_respelled()
    {
        await RenameAsync("net", "network");
        await RenameAsync("network", "net");
        Assert.Equal("net:v0", (await _store.FindAsync("network")).Reference);
        await RenameAsync("net", "NET");
        Assert.Equal("NET:v0", (await _store.FindAsync("net")).Reference);
        await RenameAsync("net", "network");

        var last = (await StateAsync("net")).LastTransaction;
        await RenameAsync("net", "network");

        Assert.Equal(last, (await StateAsync("net")).LastTransaction);
        Assert.Single(_store.LogKeys("network"));
    }

    [Fact]
    public async Task New_name_costs_few_operations_more()
    {
        await RenameAsync("net", "network");
        foreach (var (name, reads, lists) in new[] { ("net", 2, 2), ("network", 3, 4) })
        {
            await _store.ReopenAsync();
            _store.Counting.Reset();

            await StateAsync(name);

            Assert.Equal(reads, _store.Counting.KeysOf("read").Count);
            Assert.Equal(lists, _store.Counting.KeysOf("list").Count);
        }
    }

    [Fact]
    public async Task Listings_have_a_renamed_artifact_once()
    {
        await _store.PublishAsync("other", ("file", "0"));
        await RenameAsync("net", "aaa");

        Assert.Equal(["aaa", "other"], await NamesAsync(_ => true));
        Assert.Equal(["aaa"], await NamesAsync(name => name.StartsWith('a')));
        Assert.Empty(await NamesAsync(name => name.StartsWith('n')));
        Assert.Equal(2, (await _store.Versions.MeasureAsync(Token)).Artifacts);
    }

    [Fact]
    public async Task Name_of_another_artifact_is_refused()
    {
        await _store.PublishAsync("other", ("file", "0"));
        await RenameAsync("other", "second");
        var gone = await _store.PublishAsync("gone", ("file", "1"));
        await VersionEditor.DeleteAsync(gone, evenIfInUse: true, null, Token);
        await _store.Versions.ContributeAsync("joint", "id", "me", ("file", "2"));

        foreach (var name in new[] { "other", "Second", "gone", "joint" })
        {
            var error = await Assert.ThrowsAsync<ArtifactNameInUseException>(() => RenameAsync("net", name));
            Assert.Equal(name, error.Target);
        }
        await Assert.ThrowsAsync<ArtifactNotFoundException>(() => RenameAsync("none", "name"));
        await Assert.ThrowsAsync<ArtifactNotFoundException>(() => RenameAsync("gone", "name"));
        Assert.Single(_store.LogKeys("net"));
    }

    [Fact]
    public async Task Interrupted_rename_reserves_the_name_and_can_be_repeated()
    {
        await ClaimAsync("network");

        await Assert.ThrowsAsync<ArtifactNotFoundException>(() => _store.FindAsync("network"));
        var refused = await Assert.ThrowsAsync<ArtifactNameInUseException>(() =>
            _store.PublishAsync("network", ("file", "1"))
        );
        Assert.Contains("Rename-Artifact 'net' 'network'", refused.Message);
        await _store.PublishAsync("other", ("file", "0"));
        await Assert.ThrowsAsync<ArtifactNameInUseException>(() => RenameAsync("other", "network"));
        Assert.Equal(["net", "other"], await NamesAsync(_ => true));

        await RenameAsync("net", "network");

        Assert.Equal("network:v0", (await _store.FindAsync("network")).Reference);
        Assert.Empty(await _store.Memory.CheckAsync());
    }

    [Fact]
    public async Task History_shows_the_rename_under_every_name()
    {
        await RenameAsync("net", "network");

        foreach (var name in new[] { "net", "network" })
        {
            var history = await HistoryAsync(name);
            Assert.Equal(["published v0", "renamed to network"], history);
        }
    }

    [Fact]
    public async Task State_survives_checkpoints()
    {
        await RenameAsync("net", "network");
        var edit = new EditArtifactAction { Description = "text", AddTags = [TagName.Parse("b"), TagName.Parse("a")] };
        await ArtifactEditor.EditAsync(_store.Versions, ArtifactName.Parse("net"), edit, null, Token);
        for (var i = 0; _store.CheckpointKeys("net").Count == 0; i++)
            await VersionEditor.SetAliasesAsync(await _store.FindAsync("net"), [AliasName.Parse($"{i}")], null, Token);

        await _store.ReopenAsync();
        var state = await StateAsync("network");

        Assert.Equal(("network", "text"), (state.Name.ToString(), state.Description));
        Assert.Equal(["net"], state.FormerNames.Texts());
        Assert.Equal(["b", "a"], state.Tags.Texts());
        Assert.Empty(await _store.Memory.CheckAsync());
    }

    [Fact]
    public async Task Description_and_tags_of_an_artifact_change()
    {
        await EditAsync(
            new EditArtifactAction { Description = "old", AddTags = [TagName.Parse("x"), TagName.Parse("y")] }
        );
        await EditAsync(new EditArtifactAction { RemoveTags = [TagName.Parse("X")] });
        var version = await _store.FindAsync("net");
        Assert.Equal(("old", "y"), (version.ArtifactDescription, Assert.Single(version.ArtifactTags).ToString()));
        var last = (await StateAsync("net")).LastTransaction;
        await EditAsync(new EditArtifactAction { Description = "old", AddTags = [TagName.Parse("y")] });
        Assert.Equal(last, (await StateAsync("net")).LastTransaction);

        await EditAsync(new EditArtifactAction { Description = "" });

        Assert.Null((await _store.FindAsync("net")).ArtifactDescription);
        var many = Enumerable.Range(0, VersionLimits.Tags).Select(i => TagName.Parse($"{i}")).ToList();
        await Assert.ThrowsAsync<MetadataTooLargeException>(() => EditAsync(new EditArtifactAction { AddTags = many }));
        Assert.Equal("edited the artifact: description", (await HistoryAsync("net"))[^1]);
    }

    [Fact]
    public async Task Clean_up_keeps_content_of_renamed_artifacts()
    {
        var kept = await _store.FindAsync("net:v0");
        await RenameAsync("net", "network");
        await _store.PublishAsync("net", ("file", "1"));
        var removed = await _store.PublishAsync("network", ("file", "2"));
        await VersionEditor.DeleteAsync(removed, evenIfInUse: true, null, Token);

        for (var round = 0; round < 3; round++)
            await OptimizeAsync();

        Assert.DoesNotContain(removed.RootKey(), _store.Memory.Keys);
        Assert.Equal("0", await _store.ReadTextAsync(await _store.FindAsync("network:v0"), "file"));
        Assert.Equal("1", await _store.ReadTextAsync(await _store.FindAsync("net:v1"), "file"));
        Assert.Contains(kept.RootKey(), _store.Memory.Keys);
        Assert.Empty(await _store.Memory.CheckAsync(full: true));
    }

    [Fact]
    public async Task Lost_page_is_reported_once_with_the_current_name()
    {
        await RenameAsync("net", "network");
        await _store.Memory.DeleteAsync((await _store.FindAsync("net")).RootKey(), Token);

        var problem = Assert.Single(await _store.Memory.CheckAsync());

        Assert.Equal(["network:v0"], problem.Versions);
    }

    [Fact]
    public async Task Lineage_joins_links_under_all_names()
    {
        var links = new RunLinks(_store.Versions);
        await links.AddAsync(RunId.Parse("before"), await _store.FindAsync("net"), RunRole.Input, Token);
        var old = await _store.PublishAsync("model", ("file", "1"));
        await links.AddAsync(RunId.Parse("before"), old, RunRole.Output, Token);
        await RenameAsync("net", "network");
        await links.AddAsync(RunId.Parse("after"), await _store.FindAsync("network"), RunRole.Input, Token);
        await links.AddAsync(RunId.Parse("after"), old, RunRole.Output, Token);

        var lineage = await new LineageWalker(_store.Versions).WalkAsync(old, LineageDirection.Upstream, 9, Token);

        Assert.Equal(
            ["after", "before", "model:v0", "network:v0"],
            lineage.Nodes.Select(node => node.Id).Order(StringComparer.Ordinal)
        );
        Assert.Equal(4, lineage.Edges.Count);
        Assert.Empty(await _store.Memory.CheckAsync());
    }

    [Fact]
    public async Task Contributions_are_found_under_all_names()
    {
        await _store.Versions.ContributeAsync("set", "id", "first", ("a", "1"));
        await _store.Versions.CompleteAsync("set", "id");
        await _store.Versions.ContributeAsync("set", "next", "first", ("a", "2"));
        await RenameAsync("set", "series");
        await _store.Versions.ContributeAsync("series", "next", "second", ("b", "2"));

        var search = new DistributedSearch(_store.Versions);
        var found = Assert.Single(await search.ListAsync(name => name == "series", Token).ToListAsync(Token));
        Assert.Equal(("series", 2), (found.Log.Name.ToString(), found.State.Contributions.Count));
        Assert.Empty(await search.ListAsync(name => name == "set", Token).ToListAsync(Token));
        Assert.Single(await search.FindAsync(ArtifactName.Parse("series"), Token).ToListAsync(Token));
        var version = await _store.Versions.CompleteAsync("set", "next");

        Assert.Equal(("series:v1", 2), (version.Reference, version.Record.Root.EntryCount));
        Assert.Empty(await _store.Memory.CheckAsync());
    }

    [Fact]
    public async Task Links_follow_both_artifacts()
    {
        var linked = await new VersionLinker(await _store.FindAsync("net"), ArtifactName.Parse("churn")).LinkAsync(
            [],
            null,
            null,
            Token
        );
        await RenameAsync("net", "network");
        await RenameAsync("churn", "registry");

        var source = await _store.FindAsync("network");
        var links = await new LinkSearch(_store.Versions).FindAsync(source, Token);
        Assert.Equal("registry:v0", Assert.Single(links).ToString());
        var link = await _store.FindAsync("registry");
        var shown = await new LinkSearch(_store.Versions).FindSourceAsync(link, Token);
        Assert.Equal(("net:v0", "network:v0"), (link.Record.Link?.Reference, shown?.Reference));
        var again = await new VersionLinker(source, ArtifactName.Parse("churn")).LinkAsync([], null, null, Token);
        Assert.Equal(("registry:v0", linked.Record.Digest), (again.Reference, again.Record.Digest));
        await Assert.ThrowsAsync<ArtifactLinkedException>(() =>
            VersionEditor.DeleteAsync(source, evenIfInUse: false, null, Token)
        );
        Assert.Empty(await _store.Memory.CheckAsync());
    }

    [Fact]
    public async Task Deleted_version_is_restored_under_the_new_name()
    {
        var version = await _store.FindAsync("net");
        await RenameAsync("net", "network");
        await VersionEditor.DeleteAsync(version, evenIfInUse: true, null, Token);
        await Assert.ThrowsAsync<ArtifactNotFoundException>(() => _store.FindAsync("network"));

        var restored = await VersionRestorer.RestoreAsync(
            _store.Versions,
            ArtifactName.Parse("network"),
            0,
            null,
            Token
        );

        Assert.Equal("network:v0", restored.Version.Reference);
    }

    [Fact]
    public async Task Other_key_with_the_bytes_of_a_log_is_damage()
    {
        await RenameAsync("net", "network");
        _store.Memory["artifacts/network/log/000000000002.json"] = _store.Memory["artifacts/net/log/000000000002.json"];

        Assert.Equal(
            [StoreProblemKind.TransactionOverwritten],
            (await _store.Memory.CheckAsync()).Select(problem => problem.Kind)
        );
    }

    private Task<CatalogState> RenameAsync(string name, string newName) =>
        ArtifactRenamer.RenameAsync(
            _store.Versions,
            ArtifactName.Parse(name),
            ArtifactName.Parse(newName),
            null,
            Token
        );

    private Task EditAsync(EditArtifactAction edit) =>
        ArtifactEditor.EditAsync(_store.Versions, ArtifactName.Parse("net"), edit, null, Token);

    // What a process leaves that is killed before the second step of a rename.
    private Task ClaimAsync(string name) =>
        _store
            .Versions.OpenCatalog(ArtifactKey.Of(ArtifactName.Parse(name)))
            .CommitAsync(_ => [new ClaimAction(ArtifactKey.Of(ArtifactName.Parse("net")))], null, Token);

    private Task<CatalogState> StateAsync(string name) =>
        _store.Versions.ReadCatalogAsync(ArtifactName.Parse(name), Token);

    private async Task<List<string>> NamesAsync(Func<string, bool> matches) =>
        [
            .. (await _store.Versions.ReadCatalogsAsync(matches, Token).ToListAsync(Token)).Select(state =>
                $"{state.Name}"
            ),
        ];

    private async Task<List<string>> HistoryAsync(string name) =>
        [
            .. (
                await ArtifactHistory
                    .ReadAsync(_store.Versions, ArtifactReference.Parse(name), Token)
                    .ToListAsync(Token)
            ).SelectMany(transaction => transaction.Actions.Select(action => action.Summary)),
        ];

    private async Task OptimizeAsync()
    {
        var options = new CleanupOptions { GracePeriod = TimeSpan.Zero, RewritesPacks = false };
        var optimizer = new StoreOptimizer(_store.Versions, options, new TransferProgress());
        foreach (var planned in await optimizer.PlanAsync(Token))
            await optimizer.CleanUpAsync(planned.Kind, Token);
    }
}
