using System.Text;
using ArtifactsPS.Core.Catalogs.Links;
using ArtifactsPS.Core.Tests.Maintenance;

namespace ArtifactsPS.Core.Tests.Publishing;

/// <summary>Links to versions of other stores: the collection's version has a digest, and no content.</summary>
public sealed class OtherStoreLinkTests : IAsyncLifetime
{
    private readonly Dictionary<string, VersionStore> _reachable = [];
    private MemoryObjectStore _sourceBytes = null!;
    private MemoryObjectStore _registryBytes = null!;
    private VersionStore _source = null!;
    private VersionStore _registry = null!;
    private PublishedVersion _v0 = null!;
    private int _opened;

    public async ValueTask InitializeAsync()
    {
        (_source, _sourceBytes) = await CreateAsync("source");
        (_registry, _registryBytes) = await CreateAsync("registry");
        _v0 = await PublishAsync(_source, "net", "0");
        _opened = 0;
    }

    public ValueTask DisposeAsync() => default;

    [Fact]
    public async Task Link_has_digest_of_source_and_no_content()
    {
        var link = await LinkAsync(_v0, "churn", "staging");

        Assert.Equal(("churn:v0", "net:v0 in source"), (link.Reference, link.Record.Link!.ToString()));
        Assert.Equal(_v0.Record.Digest, link.Record.Digest);
        Assert.Equal((1L, 1L), (link.Record.Root.EntryCount, link.Record.Root.TotalSize));
        Assert.Null(link.Unprotected);
        Assert.DoesNotContain(_registryBytes.Keys, StoreLayout.IsObject);
        Assert.Equal(0, _opened);
        Assert.Equal("0", await ReadAsync(link));
        Assert.Equal(["churn:v0 in registry"], await LinksAsync("net:v0"));
    }

    [Fact]
    public async Task Link_finds_its_relocated_source()
    {
        await LinkAsync(_v0);
        var place = PageLocation.Of(_v0.StoredRoot);
        var key = StoreLayout.ObjectKey(place.Object);
        byte[] moved = [.. _sourceBytes[key], 0];
        _sourceBytes[StoreLayout.ObjectKey(Sha256.Of(moved))] = moved;
        await _sourceBytes.DeleteAsync(key, Token);
        await _source
            .OpenCatalog(_v0.Name)
            .CommitAsync(_ => [new RelocateAction(0, place with { Object = Sha256.Of(moved) })], runId: null, Token);

        Assert.Equal("0", await ReadAsync(await FindAsync("churn:v0")));
    }

    [Fact]
    public async Task Source_is_protected_until_link_is_removed()
    {
        await LinkAsync(_v0);
        var refused = await Assert.ThrowsAsync<ArtifactLinkedException>(() => DeleteAsync(_source, "net:v0"));
        Assert.Contains("'churn:v0' in the store 'registry'", refused.Message, StringComparison.Ordinal);
        Assert.Null(await UnlinkAsync("churn:v0"));

        Assert.Empty(await LinksAsync("net:v0"));
        await DeleteAsync(_source, "net:v0");
    }

    [Fact]
    public async Task Deleted_link_ends_the_protection()
    {
        await LinkAsync(_v0);
        await DeleteAsync(_registry, "churn:v0");
        await DeleteAsync(_source, "net:v0");
    }

    [Fact]
    public async Task Link_in_an_unreachable_store_protects()
    {
        await LinkAsync(_v0);
        await DeleteAsync(_registry, "churn:v0");
        _reachable.Remove(_registry.Id);

        await Assert.ThrowsAsync<ArtifactLinkedException>(() => DeleteAsync(_source, "net:v0"));
        await VersionEditor.EditAsync(_v0, new EditAction(0) { ExpiresAt = DateTimeOffset.UnixEpoch }, null, Token);
        Assert.Equal(["net:v0: churn:v0 in registry"], await CleanUpAsync(_source));
        await DeleteAsync(_source, "net:v0", force: true);
    }

    [Fact]
    public async Task Restored_link_protects_its_source_again()
    {
        await LinkAsync(_v0);
        await UnlinkAsync("churn:v0");
        await VersionRestorer.RestoreAsync(_registry, ArtifactName.Parse("churn"), 0, null, Token);

        await Assert.ThrowsAsync<ArtifactLinkedException>(() => DeleteAsync(_source, "net:v0"));
        Assert.Equal("0", await ReadAsync(await FindAsync("churn:v0")));
    }

    [Fact]
    public async Task Unwritable_source_is_linked_without_protection()
    {
        var failing = new FailingObjectStore(_sourceBytes);
        var source = await VersionStore.OpenAsync(failing, Token);
        var version = await source.FindAsync(ArtifactReference.Parse("net:v0"), Token);
        failing.FailAt(1, "create", "artifacts/net/log/");
        var link = await LinkAsync(version);

        Assert.Contains("'source'", link.Unprotected, StringComparison.Ordinal);
        Assert.Empty(await LinksAsync("net:v0"));
        Assert.Equal("0", await ReadAsync(link));
        Assert.Null((await LinkAsync(_v0)).Unprotected);
        Assert.NotEmpty(await LinksAsync("net:v0"));
    }

    [Fact]
    public async Task Deleted_source_is_reported_to_readers()
    {
        var link = await LinkAsync(_v0);
        await DeleteAsync(_source, "net:v0", force: true);

        var error = await Assert.ThrowsAsync<LinkedVersionMissingException>(() => ReadAsync(link));
        Assert.Contains("'net:v0' in the store 'source'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Missing_or_replaced_store_is_reported_to_readers()
    {
        var link = await LinkAsync(_v0);
        _reachable[_source.Id] = _registry;
        var replaced = await Assert.ThrowsAsync<LinkedStoreUnavailableException>(() => ReadAsync(link));
        Assert.Contains("another store", replaced.Message, StringComparison.Ordinal);

        _reachable.Remove(_source.Id);
        var missing = await Assert.ThrowsAsync<LinkedStoreUnavailableException>(() => ReadAsync(link));
        Assert.Contains("there is no store", missing.Message, StringComparison.Ordinal);
        Assert.Equal("churn:v0", (await FindAsync("churn:v0")).Reference);

        _reachable[_source.Id] = _source;
        Assert.Equal("0", await ReadAsync(link));
    }

    [Fact]
    public async Task Checks_and_cleanup_of_both_stores_accept_the_link()
    {
        await LinkAsync(_v0);
        await PublishAsync(_registry, "churn", "own");
        await CleanUpAsync(_registry);
        await CleanUpAsync(_source);

        Assert.Empty(await _registryBytes.CheckAsync());
        Assert.Empty(await _sourceBytes.CheckAsync());
        Assert.Equal("0", await ReadAsync(await FindAsync("churn:v0")));
        Assert.Equal("own", await ReadAsync(await FindAsync("churn:v1")));
    }

    [Fact]
    public async Task Check_counts_links_to_other_stores()
    {
        await LinkAsync(_v0);
        var checker = new StoreChecker(_registryBytes, new ResultList<StoreProblem>(), new TransferProgress());
        await checker.CheckAsync(allBytes: true, Token);

        Assert.Equal(1, checker.LinkedElsewhere);
    }

    [Fact]
    public async Task Equal_content_is_published_beside_the_link()
    {
        await LinkAsync(_v0);
        var own = await PublishAsync(_registry, "churn", "0");
        _reachable.Clear();

        Assert.Equal(("churn:v1", false), (own.Reference, own.Deduplicated));
        Assert.Equal(_v0.Record.Digest, own.Record.Digest);
        Assert.Equal("0", await ReadAsync(own));
        Assert.Empty(await _registryBytes.CheckAsync());
    }

    [Fact]
    public async Task Draft_can_not_begin_with_the_link()
    {
        var link = await LinkAsync(_v0);
        var error = Assert.Throws<ContentInOtherStoreException>(() => ArtifactDraft.From(link));
        Assert.Contains("'net:v0' in 'source'", error.Message, StringComparison.Ordinal);

        var path = EntryPath.Parse("file");
        var entry = await link.Manifest.FindAsync(path, Token);
        foreach (var store in new[] { _registry, _source })
        {
            await using var draft = ArtifactDraft.Begin(store, ArtifactName.Parse("m"), link.Record.Type, []);
            await Assert.ThrowsAsync<EntryInOtherStoreException>(() =>
                SharedEntry.AddAsync(draft, link, entry!, path, replace: false, Token)
            );
        }
    }

    [Fact]
    public async Task Copies_of_the_link_have_the_content()
    {
        var link = await LinkAsync(_v0);
        var (third, bytes) = await CreateAsync("third");
        var copy = await CopyAsync(link, third, isLink: false);
        var linkedCopy = await CopyAsync(_v0, _registry, isLink: true);
        var again = await CopyAsync(_v0, _registry, isLink: true);
        await UnlinkAsync("churn:v0");
        _reachable.Clear();

        Assert.Equal("0", await ReadAsync(copy));
        Assert.Equal(("churn:v1", "churn:v1"), (linkedCopy.Reference, again.Reference));
        Assert.Equal("0", await ReadAsync(linkedCopy));
        Assert.Empty(await bytes.CheckAsync());
        await DeleteAsync(_source, "net:v0");
    }

    [Fact]
    public async Task Copy_that_exists_is_linked_without_a_mark()
    {
        var copy = await CopyAsync(_v0, _registry, isLink: true);
        var link = await LinkAsync(_v0, "churn", "prod");

        Assert.Equal((copy.Reference, true), (link.Reference, link.Deduplicated));
        Assert.Equal(["latest", "prod"], link.Aliases.Texts());
        Assert.Empty(await LinksAsync("net:v0"));
    }

    [Fact]
    public async Task Links_of_the_link_have_its_source()
    {
        var link = await LinkAsync(_v0);
        var inside = await new VersionLinker(link, ArtifactName.Parse("inside")).LinkAsync([], null, null, Token);
        var (third, _) = await CreateAsync("third");
        var outside = await new VersionLinker(link, ArtifactName.Parse("outside"), third).LinkAsync(
            [],
            null,
            null,
            Token
        );
        var back = await new VersionLinker(outside, ArtifactName.Parse("back"), _source).LinkAsync(
            [],
            null,
            null,
            Token
        );

        foreach (var found in new[] { inside, outside, back })
            Assert.Equal("0", await ReadAsync(found));
        Assert.Equal("churn:v0", inside.Record.Link!.ToString());
        Assert.Equal("churn:v0 in registry", outside.Record.Link!.ToString());
        await Assert.ThrowsAsync<ArtifactLinkedException>(() => DeleteAsync(_registry, "churn:v0"));
    }

    [Fact]
    public async Task Version_linked_again_moves_aliases_only()
    {
        await LinkAsync(_v0);
        var again = await LinkAsync(_v0, "churn", "prod");

        Assert.Equal(("churn:v0", true), (again.Reference, again.Deduplicated));
        Assert.Equal(["latest", "prod"], again.Aliases.Texts());
    }

    [Fact]
    public async Task Versions_of_one_name_are_linked_between_stores()
    {
        var link = await LinkAsync(_v0, "net");

        Assert.Equal("0", await ReadAsync(link));
        Assert.Equal(["net:v0 in registry"], await LinksAsync("net:v0"));
    }

    [Fact]
    public async Task Lineage_ends_at_versions_of_other_stores()
    {
        var link = await LinkAsync(_v0);
        var copy = await CopyAsync(await PublishAsync(_source, "net", "1"), _registry, isLink: true);

        Assert.Equal(["net:v0 in source", "churn:v0"], await LineageAsync(link));
        Assert.Equal(["net:v1 in source", "churn:v1"], await LineageAsync(copy));
        var source = await _source.FindAsync(ArtifactReference.Parse("net:v0"), Token);
        Assert.Equal(["net:v0", "churn:v0 in registry"], await LineageAsync(source));
        Assert.Equal(0, _opened);
    }

    [Fact]
    public async Task Report_shows_the_source_and_opens_no_store()
    {
        await LinkAsync(_v0);
        await LinkAsync(await PublishAsync(_source, "net", "1"));
        _reachable.Clear();
        var artifacts = await _registry.ReadCatalogsAsync(_ => true, Token).ToListAsync(Token);
        var reader = new ReportReader(ReportLimits.Default, new TransferProgress());
        var report = await reader.ReadAsync(_registry, artifacts, Token);

        var latest = Assert.Single(report.Artifacts).Versions[1];
        Assert.Equal(("net:v1 in source", null), (latest.Record.Link?.ToString(), latest.Change));
        Assert.Equal(0, _opened);
    }

    private async Task<(VersionStore Store, MemoryObjectStore Bytes)> CreateAsync(string location)
    {
        var bytes = new MemoryObjectStore(location);
        var created = await VersionStore.CreateAsync(bytes, Token);
        var store = created.WithOtherStores(
            (place, _) =>
            {
                _opened++;
                return _reachable.TryGetValue(place.Id, out var found)
                    ? Task.FromResult(found)
                    : throw new StoreNotFoundException(place.Location);
            }
        );
        _reachable.Add(store.Id, store);
        return (store, bytes);
    }

    private static async Task<PublishedVersion> PublishAsync(VersionStore store, string name, string text)
    {
        await using var draft = ArtifactDraft.Begin(store, ArtifactName.Parse(name), TypeName.Parse("model"), []);
        await draft.AddTextAsync("file", text);
        return await draft.PublishAsync();
    }

    private Task<PublishedVersion> LinkAsync(
        PublishedVersion version,
        string collection = "churn",
        params string[] aliases
    ) =>
        new VersionLinker(version, ArtifactName.Parse(collection), _registry).LinkAsync(
            [.. aliases.Select(AliasName.Parse)],
            null,
            null,
            Token
        );

    private static Task<PublishedVersion> CopyAsync(PublishedVersion version, VersionStore store, bool isLink) =>
        new VersionCopier(version, store, ArtifactName.Parse("churn"), new TransferProgress())
        {
            IsLink = isLink,
        }.CopyAsync([], null, Token);

    private async Task<string?> UnlinkAsync(string reference) =>
        await VersionUnlinker.RemoveAsync(
            await VersionUnlinker.FindAsync(_registry, ArtifactReference.Parse(reference), Token),
            evenIfInUse: false,
            null,
            Token
        );

    private static async Task DeleteAsync(VersionStore store, string reference, bool force = false) =>
        await VersionEditor.DeleteAsync(
            await store.FindAsync(ArtifactReference.Parse(reference), Token),
            force,
            null,
            Token
        );

    private Task<PublishedVersion> FindAsync(string reference) =>
        _registry.FindAsync(ArtifactReference.Parse(reference), Token);

    private async Task<string[]> LinksAsync(string reference)
    {
        var version = await _source.FindAsync(ArtifactReference.Parse(reference), Token);
        return [.. (await new LinkSearch(_source).FindAsync(version, Token)).Select(link => link.ToString())];
    }

    private static async Task<string[]> LineageAsync(PublishedVersion version)
    {
        var walker = new LineageWalker(version.Store);
        var lineage = await walker.WalkAsync(version, LineageDirection.Both, int.MaxValue, Token);
        return [.. lineage.Nodes.Select(node => node.Id)];
    }

    private static async Task<string> ReadAsync(PublishedVersion version)
    {
        var entry = await version.Manifest.FindAsync(EntryPath.Parse("file"), Token);
        var source = await version.FindSourceAsync(Token);
        return Encoding.UTF8.GetString(await source.Store.Content.ReadAsync(entry!.Blob, Token));
    }

    // Returns the expired versions that are kept because their links can't be verified.
    private static async Task<string[]> CleanUpAsync(VersionStore store)
    {
        var options = new CleanupOptions { GracePeriod = TimeSpan.Zero, IsForced = true };
        var optimizer = new StoreOptimizer(store, options, new TransferProgress());
        foreach (var cleanup in await optimizer.PlanAsync(Token))
            await optimizer.CleanUpAsync(cleanup.Kind, Token);
        return [.. optimizer.Unverified.Select(kept => $"{kept.Reference}: {string.Join(", ", kept.Links)}")];
    }
}
