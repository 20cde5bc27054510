using ArtifactsPS.Core.Catalogs.Links;
using ArtifactsPS.Core.Tests.Fixtures;

namespace ArtifactsPS.Core.Tests.Maintenance.Checking;

/// <summary>Links are compared with their sources.</summary>
public sealed class LinkCheckTests : IAsyncLifetime
{
    private static readonly ArtifactKey Churn = ArtifactKey.Of(ArtifactName.Parse("churn"));

    private TestStore _store = null!;
    private PublishedVersion _source = null!;

    public async ValueTask InitializeAsync()
    {
        _store = await TestStore.CreateAsync();
        _source = await _store.PublishAsync("net", ("file", "0"));
    }

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return default;
    }

    [Fact]
    public async Task Link_without_mark_is_reported_and_repaired()
    {
        await LinkAsync();
        await CommitAsync(_source.Key, new UnlinkAction(0, Churn));
        var problem = Assert.Single(await _store.Memory.CheckAsync());

        Assert.Equal((StoreProblemKind.LinkNotMarked, ProblemSeverity.Warning), (problem.Kind, problem.Severity));
        Assert.Contains("Add-ArtifactLink 'net:v0' 'churn'", problem.Remedy, StringComparison.Ordinal);
        await LinkAsync();
        Assert.Empty(await _store.Memory.CheckAsync());
    }

    [Fact]
    public async Task Incomplete_link_is_reported_and_completed()
    {
        await CommitAsync(_source.Key, new LinkAction(0, new LinkMark(Churn, 0)));
        var problem = Assert.Single(await _store.Memory.CheckAsync());

        Assert.Equal((StoreProblemKind.LinkIncomplete, ProblemSeverity.Warning), (problem.Kind, problem.Severity));
        await LinkAsync();
        Assert.Empty(await _store.Memory.CheckAsync());
    }

    [Fact]
    public async Task Link_to_other_content_is_reported()
    {
        var other = await _store.PublishAsync("other", ("file", "1"));
        var record = other.Record with { Number = 0, Link = new LinkSource(_source.Key, _source.Name, 0) };
        await CommitAsync(Churn, new PublishAction(record));

        var problem = Assert.Single(await _store.Memory.CheckAsync());
        Assert.Equal((StoreProblemKind.LinkWrong, ProblemSeverity.Error), (problem.Kind, problem.Severity));
    }

    [Fact]
    public async Task Link_to_unknown_version_shows_missing_transactions()
    {
        await CommitAsync(
            Churn,
            new PublishAction(_source.Record with { Link = new LinkSource(_source.Key, _source.Name, 7) })
        );

        var problem = Assert.Single(await _store.Memory.CheckAsync());
        Assert.Equal(StoreProblemKind.TransactionMissing, problem.Kind);
        Assert.Contains("'churn:v0' is a link to it", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Link_with_deleted_source_is_sound()
    {
        await LinkAsync();
        await VersionEditor.DeleteAsync(_source, evenIfInUse: true, null, Token);

        Assert.Empty(await _store.Memory.CheckAsync());
    }

    private Task LinkAsync() =>
        new VersionLinker(_source, ArtifactName.Parse("churn")).LinkAsync([], null, null, Token);

    private Task CommitAsync(ArtifactKey artifact, CatalogAction action) =>
        _store.Versions.OpenCatalog(artifact).CommitAsync(_ => [action], null, Token);
}
