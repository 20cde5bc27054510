using ArtifactsPS.Core.Tests.Fixtures;

namespace ArtifactsPS.Core.Tests.Distributed;

/// <summary>Contributes to, completes and reads distributed versions.</summary>
internal static class DistributedExtensions
{
    public static Task<Contribution> ContributeAsync(
        this ArtifactDraft draft,
        string id,
        string contributor,
        string? runId = null
    ) =>
        DraftContributor.ContributeAsync(
            draft,
            DistributedId.Parse(id),
            contributor,
            runId is null ? null : RunId.Parse(runId),
            Token
        );

    /// <summary>Contributes text files without a base version.</summary>
    public static async Task<Contribution> ContributeAsync(
        this VersionStore store,
        string name,
        string id,
        string contributor,
        params (string Path, string Text)[] files
    )
    {
        await using var draft = ArtifactDraft.Begin(store, ArtifactName.Parse(name), TypeName.Parse("data"), []);
        foreach (var (path, text) in files)
            await draft.AddTextAsync(path, text);
        return await draft.ContributeAsync(id, contributor);
    }

    public static Task<PublishedVersion> CompleteAsync(
        this VersionStore store,
        string name,
        string id,
        ConflictAction onConflict = ConflictAction.Error
    ) => store.CompleteAsync(name, id, new CompletionOptions { Contributor = "completer", OnConflict = onConflict });

    public static Task<PublishedVersion> CompleteAsync(
        this VersionStore store,
        string name,
        string id,
        CompletionOptions options
    ) =>
        new DistributedCompleter(
            new DistributedLog(store, ArtifactName.Parse(name), DistributedId.Parse(id)),
            options
        ).CompleteAsync(Token);

    public static Task<DistributedState> ReadDistributedAsync(this VersionStore store, string name, string id) =>
        new DistributedLog(store, ArtifactName.Parse(name), DistributedId.Parse(id)).ReadAsync(Token);

    /// <summary>Key of an object that a contribution needs: of its stored root, or of its first file.</summary>
    public static string ObjectKey(this Contribution contribution) =>
        contribution.Adds is PageReference root
            ? root.Location.Object.Key
            : ContributedTree.EntriesOf(contribution.Adds)!.First().Location.Object.Key;

    /// <summary>Reads the texts of all files, by path.</summary>
    public static async Task<SortedDictionary<string, string>> TextsAsync(this PublishedVersion version)
    {
        var texts = new SortedDictionary<string, string>(StringComparer.Ordinal);
        await foreach (var entry in version.Manifest.EntriesAsync(Token))
            texts.Add(
                entry.Path.ToString(),
                System.Text.Encoding.UTF8.GetString(await version.Store.Content.ReadAsync(entry.Blob, Token))
            );
        return texts;
    }
}
