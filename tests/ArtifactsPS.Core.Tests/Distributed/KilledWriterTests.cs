using ArtifactsPS.Core.Tests.Fixtures;
using ArtifactsPS.Core.Tests.Storage.Remote;

namespace ArtifactsPS.Core.Tests.Distributed;

public sealed class KilledWriterOnS3Tests() : KilledWriterTests(Service.S3);

public sealed class KilledWriterOnAzureTests() : KilledWriterTests(Service.Azure);

/// <summary>Killed publishers, contributors and completers. Another process continues their work.</summary>
public class KilledWriterTests : KillPointTests
{
    private const string Id = "group";

    private static readonly (string Path, string Text)[] Others = [("o.txt", "O"), ("sub/both.txt", "B")];
    private static readonly (string Path, string Text)[] Own = [("a.txt", "A"), ("sub/both.txt", "B")];
    private static readonly string OwnFiles =
        "files=" + string.Join(',', Own.Select(file => $"{file.Path}:{file.Text}"));

    public KilledWriterTests()
    {
        // In a folder.
    }

    protected KilledWriterTests(Service service)
        : base(service, step: 3)
    {
        // On a server.
    }

    [Fact]
    public Task Killed_publisher_has_published_all_or_nothing() =>
        KillAtEveryPointAsync(
            "publish",
            [OwnFiles, "run=run-1"],
            _ => Task.CompletedTask,
            async store =>
            {
                var found = await TryFindAsync(store);
                if (found is not null)
                    Assert.Equal(Texts(Own), await found.TextsAsync());
                var version = await PublishAsync(store);
                await CheckSingleVersionAsync(version, Own);
                Assert.Equal(found is not null, version.Deduplicated);
            }
        );

    [Fact]
    public Task Killed_contributor_can_contribute_again() =>
        KillAtEveryPointAsync(
            "contribute",
            [$"id={Id}", "contributor=killed", OwnFiles],
            ContributeOthersAsync,
            async store =>
            {
                Assert.Null(await TryFindAsync(store));
                await store.ContributeAsync(Name, Id, "killed", Own);
                await CheckSingleVersionAsync(await store.CompleteAsync(Name, Id), [.. Others, .. Own]);
            },
            async store =>
            {
                var state = await store.ReadDistributedAsync(Name, Id);
                var isContributed = state.Contributions.Any(item => item.Contributor == "killed");
                var version = await store.CompleteAsync(Name, Id);
                await CheckSingleVersionAsync(version, isContributed ? [.. Others, .. Own] : Others);
            }
        );

    [Fact]
    public Task Version_of_killed_completer_can_be_completed() =>
        KillAtEveryPointAsync(
            "complete",
            [$"id={Id}", "contributor=killed", OwnFiles, "run=run-1"],
            ContributeOthersAsync,
            async store =>
            {
                if (await TryFindAsync(store) is { } found)
                    await CheckSingleVersionAsync(found, [.. Others, .. Own]);
                await using var draft = ArtifactDraft.Begin(
                    store,
                    ArtifactName.Parse(Name),
                    TypeName.Parse("data"),
                    []
                );
                foreach (var (path, text) in Own)
                    await draft.AddTextAsync(path, text);
                var options = new CompletionOptions
                {
                    Draft = draft,
                    Contributor = "killed",
                    RunId = RunId.Parse("run-1"),
                };
                await CheckSingleVersionAsync(await store.CompleteAsync(Name, Id, options), [.. Others, .. Own]);
                await CheckCompletedAsync(store);
            },
            async store =>
            {
                // The seal decides whether the killed completer's own contribution is included.
                var isSealed = (await store.ReadDistributedAsync(Name, Id)).Seal is not null;
                var version = await store.CompleteAsync(Name, Id);
                await CheckSingleVersionAsync(version, isSealed ? [.. Others, .. Own] : Others);
                if (isSealed)
                    await CheckCompletedAsync(store);
            }
        );

    private static async Task ContributeOthersAsync(VersionStore store) =>
        await store.ContributeAsync(Name, Id, "other", Others);

    private static async Task<PublishedVersion> PublishAsync(VersionStore store)
    {
        await using var draft = ArtifactDraft.Begin(store, ArtifactName.Parse(Name), TypeName.Parse("data"), []);
        foreach (var (path, text) in Own)
            await draft.AddTextAsync(path, text);
        return await draft.PublishAsync();
    }

    private static async Task<PublishedVersion?> TryFindAsync(VersionStore store)
    {
        try
        {
            return await store.FindAsync(ArtifactReference.Parse(Name), Token);
        }
        catch (ArtifactNotFoundException)
        {
            return null;
        }
    }

    // Checks that there is one version, from one transaction, with complete content.
    private static async Task CheckSingleVersionAsync(PublishedVersion version, (string Path, string Text)[] expected)
    {
        Assert.Equal("results:v0", version.Reference);
        Assert.Equal(Texts(expected), await version.TextsAsync());
        var history = await version.Store.OpenCatalog(ArtifactName.Parse(Name)).HistoryAsync(Token).ToListAsync(Token);
        Assert.Single(history);
        Assert.Equal(["latest"], version.Aliases.Texts());
    }

    private static async Task CheckCompletedAsync(VersionStore store)
    {
        var state = await store.ReadDistributedAsync(Name, Id);
        Assert.Equal((DistributedStatus.Completed, 0), (state.Status, state.Version));
        // One contribution, one seal, one completion.
        Assert.Equal(3, state.LastNumber);
        var links = new RunLinks(store);
        var link = new VersionLink(ArtifactName.Parse(Name), 0);
        Assert.Equal(
            [RunId.Parse("run-1")],
            await links.RunsOfAsync(ArtifactKey.Of(link.Name), link.Version, RunRole.Output, Token)
        );
        Assert.Equal([link], await links.VersionsOfAsync(RunId.Parse("run-1"), RunRole.Output, Token));
    }

    private static SortedDictionary<string, string> Texts((string Path, string Text)[] files) =>
        new(files.Distinct().ToDictionary(file => file.Path, file => file.Text), StringComparer.Ordinal);
}
