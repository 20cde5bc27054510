using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Manifests;
using ArtifactsPS.Core.Reachability;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Publishing;

/// <summary>Commits new locations of versions' trees: one transaction for each artifact.</summary>
internal static class VersionRelocator
{
    /// <summary>Commits the new locations of the versions that are live and whose tree lies where it did.</summary>
    /// <param name="writer">Writer of the moved pages and content.</param>
    /// <param name="moves">Owner of each tree, its old root and its new root. Owners other than versions are skipped.</param>
    /// <param name="runId">Id of the run that commits them; null for none.</param>
    /// <param name="cancellationToken">Cancels the call; it can be made again.</param>
    /// <returns>Number of relocated versions.</returns>
    public static async Task<int> CommitAsync(
        StoreWriter writer,
        IEnumerable<(TreeOwner Owner, PageReference Old, PageReference New)> moves,
        RunId? runId,
        CancellationToken cancellationToken
    )
    {
        var byArtifact = moves
            .Where(move => move.Owner is VersionTree)
            .Select(move => (Tree: (VersionTree)move.Owner, move.Old, move.New))
            .GroupBy(move => move.Tree.Key);
        var relocated = 0;
        foreach (var ofArtifact in byArtifact)
            relocated += await CommitAsync(writer, ofArtifact.Key, [.. ofArtifact], runId, cancellationToken)
                .ConfigureAwait(false);
        return relocated;
    }

    private static async Task<int> CommitAsync(
        StoreWriter writer,
        ArtifactKey artifact,
        IReadOnlyList<(VersionTree Tree, PageReference Old, PageReference New)> moves,
        RunId? runId,
        CancellationToken cancellationToken
    )
    {
        var update = await writer
            .Store.OpenCatalog(artifact)
            .BeginUpdateAsync(runId, cancellationToken)
            .ConfigureAwait(false);
        while (true)
        {
            var state = update.State;
            var actions = new List<CatalogAction>();
            foreach (var (tree, old, moved) in moves)
                if (
                    await state.FindAsync(tree.Number, cancellationToken).ConfigureAwait(false)
                        is { StoredRoot: { } root }
                    && PageLocation.AreSame(root, old)
                )
                    actions.Add(new RelocateAction(tree.Number, PageLocation.Of(moved)));
            if (
                actions.Count == 0
                || await writer.CommitAsync(update, actions, cancellationToken).ConfigureAwait(false)
            )
                return actions.Count;
        }
    }
}
