using ArtifactsPS.Core.Tests.Fixtures;
using Newtonsoft.Json.Linq;

namespace ArtifactsPS.Core.Tests.Distributed;

/// <summary>Store of a test, and actions of the writers of one version.</summary>
public abstract class DistributedFixture : IAsyncLifetime
{
    private protected const string Name = "Results";
    private protected const string Id = "group-1";

    private protected TestStore Store { get; private set; } = null!;

    private protected VersionStore Versions => Store.Versions;

    public async ValueTask InitializeAsync() => Store = await TestStore.CreateAsync();

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return default;
    }

    private protected Task<Contribution> ContributeAsync(
        string contributor,
        params (string Path, string Text)[] files
    ) => Versions.ContributeAsync(Name, Id, contributor, files);

    // A null text removes the path.
    private protected async Task ContributeAsync(
        string contributor,
        PublishedVersion from,
        params (string Path, string? Text)[] changes
    )
    {
        await using var draft = await BeginAsync(from, changes);
        await draft.ContributeAsync(Id, contributor);
    }

    private protected Task<PublishedVersion> CompleteAsync(
        ArtifactDraft? draft = null,
        ConflictAction onConflict = ConflictAction.Error,
        string? type = null
    ) =>
        Versions.CompleteAsync(
            Name,
            Id,
            new CompletionOptions
            {
                Draft = draft,
                Contributor = "completer",
                OnConflict = onConflict,
                Type = type is null ? null : TypeName.Parse(type),
            }
        );

    private protected Task AbandonAsync() =>
        new DistributedLog(Versions, ArtifactName.Parse(Name), DistributedId.Parse(Id)).AbandonAsync(Token);

    private protected Task<DistributedState> StateAsync() => Versions.ReadDistributedAsync(Name, Id);

    private protected async Task<(DistributedStatus, int?)> StatusAsync()
    {
        var state = await StateAsync();
        return (state.Status, state.Version);
    }

    private protected async Task<PublishedVersion> PublishAsync(params (string Path, string Text)[] files)
    {
        await using var draft = Begin(files);
        return await draft.PublishAsync();
    }

    private protected ArtifactDraft Begin(params (string Path, string Text)[] files)
    {
        var draft = Store.Begin(Name, "data");
        foreach (var (path, text) in files)
            draft.AddTextAsync(path, text).GetAwaiter().GetResult();
        return draft;
    }

    private protected async Task<ArtifactDraft> BeginAsync(
        PublishedVersion? from,
        params (string Path, string? Text)[] changes
    )
    {
        var draft = from is null ? Begin() : ArtifactDraft.From(from);
        foreach (var (path, text) in changes)
            if (text is null)
                await draft.RemoveAsync(path);
            else
                await draft.AddTextAsync(path, text, replace: true);
        return draft;
    }

    private protected string[] KeysBesidesObjects() =>
        [
            .. Store
                .Memory.Keys.Where(key => !key.StartsWith(StoreLayout.Objects, StringComparison.Ordinal))
                .Order(StringComparer.Ordinal),
        ];

    private protected static SortedDictionary<string, string> Texts(params (string Path, string Text)[] files) =>
        new(files.ToDictionary(file => file.Path, file => file.Text), StringComparer.Ordinal);

    private protected static JObject Sorted(JObject json) =>
        new(json.Properties().OrderBy(property => property.Name, StringComparer.Ordinal));
}
