using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Manifests;
using ArtifactsPS.Core.Reachability;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Publishing;

/// <summary>Commits that trees of versions are elsewhere: one transaction for each artifact.</summary>
internal static class VersionRelocator
{
    /// <summary>Commits it for the versions that are live and whose tree is still where it was. What is written has been
    /// flushed.</summary>
    /// <returns>How many versions were relocated.</returns>
    public static async Task<int> CommitAsync(
        VersionStore store,
        IEnumerable<(TreeOwner Owner, PageReference Old, PageReference New)> moves,
        string? runId,
        CancellationToken cancellationToken
    )
    {
        var relocated = 0;
        var byArtifact = moves
            .Where(move => move.Owner is VersionTree)
            .Select(move => (Tree: (VersionTree)move.Owner, move.Old, move.New))
            .GroupBy(move => move.Tree.Name, Names.Comparer);
        foreach (var artifact in byArtifact)
        {
            var actions = new List<CatalogAction>();
            await store
                .OpenCatalog(artifact.Key)
                .CommitAsync(
                    state =>
                    {
                        actions =
                        [
                            .. artifact
                                .Where(move =>
                                    state.Find(move.Tree.Number) is { } live && RootPlace.AreSame(live.Root, move.Old)
                                )
                                .Select(move => new RelocateAction(move.Tree.Number, RootPlace.Of(move.New))),
                        ];
                        return Task.FromResult<IReadOnlyList<CatalogAction>>(actions);
                    },
                    runId,
                    cancellationToken
                )
                .ConfigureAwait(false);
            relocated += actions.Count;
        }
        return relocated;
    }
}
