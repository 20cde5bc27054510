using ArtifactsPS.Core.Catalogs.Links;
using ArtifactsPS.Core.Catalogs.Rules;
using ArtifactsPS.Core.Tests.Maintenance;

namespace ArtifactsPS.Core.Tests.Publishing;

/// <summary>Versions of collections are links to versions of other artifacts.</summary>
public sealed class VersionLinkerTests : IAsyncLifetime
{
    private TestStore _store = null!;
    private PublishedVersion _v0 = null!;

    public async ValueTask InitializeAsync()
    {
        _store = await TestStore.CreateAsync();
        _v0 = await _store.PublishAsync("Net", ("file", "0"));
    }

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return default;
    }

    [Fact]
    public async Task Link_has_content_of_source_and_own_number()
    {
        var v1 = await _store.PublishAsync("Net", ("file", "1"));
        await LinkAsync(v1);
        var link = await LinkAsync(_v0, "Churn", "staging");

        Assert.Equal("churn:v1", link.Reference);
        Assert.Equal(["latest", "staging"], link.Aliases.Texts());
        Assert.Equal("Net:v0", link.Record.Link!.Reference);
        Assert.Equal(_v0.Record.Digest, link.Record.Digest);
        Assert.Equal("0", await _store.ReadTextAsync(link, "file"));
        Assert.Equal(["churn:v1"], await LinksAsync("net:v0"));
        Assert.Equal(["churn:v0"], await LinksAsync("net:v1"));
    }

    [Fact]
    public async Task Link_begins_with_details_of_source()
    {
        var edited = await VersionEditor.EditAsync(
            _v0,
            new EditAction(0) { Description = "text", AddTags = [TagName.Parse("good")] },
            null,
            Token
        );
        var link = await LinkAsync(edited);
        await VersionEditor.EditAsync(edited, new EditAction(0) { Description = "later" }, null, Token);

        Assert.Equal("text", (await _store.FindAsync(link.Reference)).Record.Description);
        Assert.Equal(["good"], link.Record.Tags.Texts());
    }

    [Fact]
    public async Task Linked_version_linked_again_moves_aliases_only()
    {
        await LinkAsync(_v0, "churn", "staging");
        await LinkAsync(await _store.PublishAsync("Net", ("file", "1")), "churn", "staging");
        var before = _store.LogKeys("net").Count;
        var again = await LinkAsync(_v0, "churn", "staging", "prod");

        Assert.Equal("churn:v0", again.Reference);
        Assert.True(again.Deduplicated);
        Assert.Equal(["prod", "staging"], again.Aliases.Texts());
        Assert.Equal(before, _store.LogKeys("net").Count);
    }

    [Fact]
    public async Task Other_source_with_equal_content_makes_new_version()
    {
        await LinkAsync(_v0);
        var other = await _store.PublishAsync("other", ("file", "0"));

        Assert.Equal("other:v0", (await LinkAsync(other)).Record.Link!.Reference);
        Assert.Equal(["churn:v0"], await LinksAsync("net:v0"));
        Assert.Equal(["churn:v1"], await LinksAsync("other:v0"));
    }

    [Fact]
    public async Task Linked_version_is_deleted_with_force_only()
    {
        await _store.PublishAsync("Net", ("file", "1"));
        await LinkAsync(_v0);
        var error = await Assert.ThrowsAsync<ArtifactLinkedException>(() => DeleteAsync("net:v0"));
        var batch = await VersionBatchEditor.DeleteAsync([_v0], evenIfInUse: false, null, Token);

        Assert.Contains("'churn:v0'", error.Message, StringComparison.Ordinal);
        Assert.IsType<ArtifactLinkedException>(batch[0].Failure);
        await Assert.ThrowsAsync<ArtifactLinkedException>(() =>
            VersionEditor.DeleteAllAsync(_v0, [0, 1], evenIfInUse: false, null, Token)
        );

        await DeleteAsync("net:v0", force: true);
        var link = await _store.FindAsync("churn:v0");
        await CleanUpAsync();
        await CleanUpAsync();
        Assert.Equal("Net:v0", link.Record.Link!.Reference);
        Assert.Equal("0", await _store.ReadTextAsync(link, "file"));
        Assert.Empty(await _store.Memory.CheckAsync());
    }

    [Fact]
    public async Task Linked_versions_are_kept_by_age_and_count()
    {
        await VersionEditor.EditAsync(_v0, new EditAction(0) { ExpiresAt = DateTimeOffset.UnixEpoch }, null, Token);
        await _store.PublishAsync("Net", ("file", "1"));
        await _store.PublishAsync("Net", ("file", "2"));
        await LinkAsync(_v0);
        var state = await _store.Versions.ReadCatalogAsync(_v0.Name, Token);

        Assert.Equal([1], await VersionEditor.OlderThanAsync(_store.Versions, state, 1, Token));
        Assert.Equal(["Net:v1"], await VersionEditor.DeleteOlderAsync(_v0, 1, [0, 1], null, Token));
        await CleanUpAsync();
        Assert.Equal("Net:v0", (await _store.FindAsync("net:v0")).Reference);
        // Equal content is the version that a clean-up keeps.
        Assert.Equal("Net:v0", (await _store.PublishAsync("Net", ("file", "0"))).Reference);

        await UnlinkAsync("churn:v0");
        await CleanUpAsync();
        await Assert.ThrowsAsync<ArtifactVersionNotFoundException>(() => _store.FindAsync("net:v0"));
    }

    [Theory]
    [InlineData("unlink")]
    [InlineData("delete")]
    [InlineData("expire")]
    public async Task Ended_link_protects_nothing(string how)
    {
        await LinkAsync(_v0);
        await LinkAsync(await _store.PublishAsync("other", ("file", "0")));
        switch (how)
        {
            case "unlink":
                await UnlinkAsync("churn:v0");
                break;
            case "delete":
                await DeleteAsync("churn:v0");
                break;
            default:
                var edit = new EditAction(0) { ExpiresAt = DateTimeOffset.UnixEpoch };
                await VersionEditor.EditAsync(await _store.FindAsync("churn:v0"), edit, null, Token);
                await CleanUpAsync();
                break;
        }

        Assert.Empty(await LinksAsync("net:v0"));
        await DeleteAsync("net:v0");
        Assert.Empty(await _store.Memory.CheckAsync());
    }

    [Fact]
    public async Task Restored_link_and_restored_source_are_protected_again()
    {
        await LinkAsync(_v0);
        await UnlinkAsync("churn:v0");
        await RestoreAsync("churn:v0");
        Assert.Equal(["churn:v0"], await LinksAsync("net:v0"));

        await DeleteAsync("net:v0", force: true);
        await RestoreAsync("net:v0");
        await Assert.ThrowsAsync<ArtifactLinkedException>(() => DeleteAsync("net:v0"));
        await UnlinkAsync("churn:v0");
        await DeleteAsync("net:v0");
    }

    [Fact]
    public async Task Link_whose_source_is_gone_can_be_linked_and_removed()
    {
        await LinkAsync(_v0);
        await DeleteAsync("net:v0", force: true);
        var link = await _store.FindAsync("churn:v0");
        var second = await LinkAsync(link, "registry");

        Assert.Equal("churn:v0", second.Record.Link!.Reference);
        await Assert.ThrowsAsync<ArtifactLinkedException>(() => UnlinkAsync("churn:v0"));
        await UnlinkAsync("registry:v0");
        await UnlinkAsync("churn:v0");
        await Assert.ThrowsAsync<ArtifactVersionNotFoundException>(() => LinkAsync(_v0, "another"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Refused_link_leaves_no_mark(bool isFirst)
    {
        if (!isFirst)
            await LinkAsync(await _store.PublishAsync("Net", ("file", "1")));
        var rule = AliasRule.Create(AliasName.Parse("prod"), TextPattern.Any) with
        {
            Tags = [TagName.Parse("reviewed")],
        };
        await new AliasRuleEditor(_store.Versions).ProtectAsync(rule, null, Token);

        await Assert.ThrowsAsync<AliasProtectedException>(() => LinkAsync(_v0, "churn", "prod"));
        await Assert.ThrowsAsync<AliasProtectedException>(() =>
            new VersionLinker(_v0, ArtifactName.Parse("churn")).CheckAsync([AliasName.Parse("prod")], null, Token)
        );
        await Assert.ThrowsAsync<AliasMovedException>(() =>
            new VersionLinker(_v0, ArtifactName.Parse("churn")).LinkAsync(
                [AliasName.Parse("staging")],
                new AliasExpectation(7),
                null,
                Token
            )
        );
        await DeleteAsync("net:v0");
    }

    [Fact]
    public async Task Link_of_another_type_or_to_itself_is_refused()
    {
        await LinkAsync(_v0);
        await using var draft = _store.Begin("data", "dataset");
        await draft.AddTextAsync("file", "data");
        var data = await draft.PublishAsync();

        await Assert.ThrowsAsync<ArtifactTypeMismatchException>(() => LinkAsync(data));
        await Assert.ThrowsAsync<ArtifactLinkInvalidException>(() => LinkAsync(_v0, "NET"));
        await Assert.ThrowsAsync<NotALinkException>(() => UnlinkAsync("net:v0"));
        Assert.Empty(await LinksAsync("data:v0"));
    }

    [Fact]
    public async Task Renamed_source_and_collection_keep_their_links()
    {
        await LinkAsync(_v0);
        await RenameAsync("net", "network");
        await RenameAsync("churn", "customers");

        Assert.Equal(["customers:v0"], await LinksAsync("net:v0"));
        await Assert.ThrowsAsync<ArtifactLinkedException>(() => DeleteAsync("network:v0"));
        var again = await LinkAsync(await _store.FindAsync("network:v0"));
        Assert.Equal(("customers:v0", true), (again.Reference, again.Deduplicated));
        await Assert.ThrowsAsync<ArtifactLinkInvalidException>(() => LinkAsync(again, "churn"));
        Assert.Empty(await _store.Memory.CheckAsync());

        await UnlinkAsync("churn:v0");
        Assert.Empty(await LinksAsync("network:v0"));
        var link = await LinkAsync(await _store.FindAsync("network:v0"), "registry");
        Assert.Equal("network:v0", link.Record.Link!.Reference);
        Assert.Equal(["network:v0", "registry:v0"], await DownstreamAsync("net:v0"));
        Assert.Empty(await _store.Memory.CheckAsync());
    }

    [Fact]
    public async Task Marks_survive_checkpoints()
    {
        await LinkAsync(_v0);
        for (var i = 0; i < 3 * CatalogCheckpoint.Interval; i++)
            await VersionEditor.EditAsync(_v0, new EditAction(0) { Description = $"{i}" }, null, Token);
        Assert.NotEmpty(_store.CheckpointKeys("net"));
        await _store.ReopenAsync();

        Assert.Equal(["churn:v0"], await LinksAsync("net:v0"));
        Assert.Empty(await _store.Memory.CheckAsync());
    }

    [Fact]
    public async Task History_shows_links()
    {
        await LinkAsync(_v0);
        await UnlinkAsync("churn:v0");

        Assert.Equal(["published v0", "linked v0 to churn", "unlinked v0 from churn"], await ActionsAsync("net:v0"));
        Assert.Equal(["published v0, a link to Net:v0", "deleted v0"], await ActionsAsync("churn:v0"));
    }

    [Fact]
    public async Task Deletion_of_unlinked_version_reads_no_other_catalog()
    {
        await LinkAsync(_v0);
        var v1 = await _store.PublishAsync("Net", ("file", "1"));
        _store.Counting.Reset();
        await VersionEditor.DeleteAsync(v1, evenIfInUse: false, null, Token);

        Assert.DoesNotContain(
            _store.Counting.KeysOf("list").Concat(_store.Counting.KeysOf("read")),
            key => key.Contains("/churn/", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task Copied_link_names_the_other_store()
    {
        var other = await TestStore.CreateAsync();
        var copier = new VersionCopier(_v0, other.Versions, ArtifactName.Parse("churn"), new TransferProgress())
        {
            IsLink = true,
        };
        await other.PublishAsync("churn", ("file", "0"));
        var link = await copier.CopyAsync([AliasName.Parse("prod")], null, Token);
        var again = await copier.CopyAsync([], null, Token);

        Assert.Equal("churn:v1", link.Reference);
        Assert.Equal(link.Reference, again.Reference);
        Assert.Equal(_store.Versions.Place, link.Record.Link!.Store);
        Assert.Equal("0", await other.ReadTextAsync(link, "file"));
        Assert.Empty(await LinksAsync("net:v0"));
        await VersionUnlinker.RemoveAsync(
            await VersionUnlinker.FindAsync(other.Versions, ArtifactReference.Parse("churn:v1"), Token),
            evenIfInUse: true,
            null,
            Token
        );
        Assert.Empty(await other.Memory.CheckAsync());
    }

    private static Task<PublishedVersion> LinkAsync(
        PublishedVersion version,
        string collection = "churn",
        params string[] aliases
    ) =>
        new VersionLinker(version, ArtifactName.Parse(collection)).LinkAsync(
            [.. aliases.Select(AliasName.Parse)],
            null,
            null,
            Token
        );

    private async Task UnlinkAsync(string reference) =>
        await VersionUnlinker.RemoveAsync(
            await VersionUnlinker.FindAsync(_store.Versions, ArtifactReference.Parse(reference), Token),
            evenIfInUse: false,
            null,
            Token
        );

    private async Task DeleteAsync(string reference, bool force = false) =>
        await VersionEditor.DeleteAsync(await _store.FindAsync(reference), force, null, Token);

    private Task RestoreAsync(string reference)
    {
        var parsed = ArtifactReference.Parse(reference);
        return VersionRestorer.RestoreAsync(_store.Versions, parsed.Name, parsed.Version!.Value, null, Token);
    }

    private Task RenameAsync(string name, string newName) =>
        ArtifactRenamer.RenameAsync(
            _store.Versions,
            ArtifactName.Parse(name),
            ArtifactName.Parse(newName),
            null,
            Token
        );

    private async Task<string[]> DownstreamAsync(string reference)
    {
        var lineage = await new LineageWalker(_store.Versions).WalkAsync(
            await _store.FindAsync(reference),
            LineageDirection.Downstream,
            1,
            Token
        );
        return [.. lineage.Nodes.Select(node => node.Id)];
    }

    private async Task CleanUpAsync()
    {
        var optimizer = new StoreOptimizer(
            _store.Versions,
            new CleanupOptions { GracePeriod = TimeSpan.Zero, IsForced = true },
            new TransferProgress()
        );
        foreach (var cleanup in await optimizer.PlanAsync(Token))
            await optimizer.CleanUpAsync(cleanup.Kind, Token);
    }

    private async Task<string[]> LinksAsync(string reference)
    {
        var links = await new LinkSearch(_store.Versions).FindAsync(await _store.FindAsync(reference), Token);
        return [.. links.Select(link => link.ToString())];
    }

    private async Task<string[]> ActionsAsync(string reference)
    {
        var actions = new List<string>();
        await foreach (
            var transaction in ArtifactHistory.ReadAsync(_store.Versions, ArtifactReference.Parse(reference), Token)
        )
            actions.AddRange(transaction.Actions.Select(action => action.Summary));
        return [.. actions];
    }
}
