using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Concurrency;
using ArtifactsPS.Core.Content.Blobs;
using ArtifactsPS.Core.Drafts;
using ArtifactsPS.Core.Manifests;
using ArtifactsPS.Core.Reachability;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Publishing;

/// <summary>
/// Repairs versions of a store whose missing or damaged content a draft has stored again: writes their pages with the new
/// places, and relocates the versions of each artifact in one transaction.
/// </summary>
internal static class VersionHealer
{
    /// <summary>Repairs all versions that the draft's content can repair.</summary>
    /// <param name="version">The version published from the draft, or an existing one with the same content.</param>
    /// <param name="draft">The draft, whose content is durable.</param>
    /// <param name="tree">Tree of the draft.</param>
    /// <param name="runId">Id of the run that repairs them; null for none.</param>
    /// <param name="cancellationToken">Cancels the call; publishing again continues it.</param>
    /// <returns>The version after the repair.</returns>
    public static async Task<PublishedVersion> HealAsync(
        PublishedVersion version,
        ArtifactDraft draft,
        PageReference tree,
        RunId? runId,
        CancellationToken cancellationToken
    )
    {
        var store = version.Store;
        var graph = new PageGraph();
        // Versions of other artifacts share content with them.
        await foreach (var artifact in store.ReadCatalogsAsync(_ => true, cancellationToken).ConfigureAwait(false))
        await foreach (var record in artifact.ReadVersionsAsync(cancellationToken).ConfigureAwait(false))
            if (record.StoredRoot is { } root)
                graph.AddTree(new VersionTree(artifact.Key, artifact.Name, record.Number), root);
        await new PageGraphReader(graph, store.Pages, new TransferProgress())
            .ReadAsync(cancellationToken)
            .ConfigureAwait(false);
        HashSet<Digest> damaged =
        [
            // Objects that were stored again are no longer listed.
            .. await DamagedObjects
                .ListAsync(store.Objects, draft.Existing?.Missing ?? [], cancellationToken)
                .ConfigureAwait(false),
            .. graph
                .Nodes.Where(node => node.Failure is not null)
                .Select(node => node.Reference.Location.Object.Digest),
        ];

        var writer = StoreWriter.For(draft);
        await using (writer.ConfigureAwait(false))
        {
            var relocator = new TreeRelocator(graph, store.Pages, writer.Content, damaged.Contains, FindAsync)
            {
                Stored = await UndamagedPagesAsync(store, tree, damaged, cancellationToken).ConfigureAwait(false),
            };
            var moves = await relocator.RelocateAsync(cancellationToken).ConfigureAwait(false);
            await writer.MakeDurableAsync(cancellationToken).ConfigureAwait(false);
            await VersionRelocator.CommitAsync(writer, moves, runId, cancellationToken).ConfigureAwait(false);
        }
        var state = await store.OpenCatalog(version.Key).ReadAsync(cancellationToken).ConfigureAwait(false);
        var healed = await state.FindAsync(version.Record.Number, cancellationToken).ConfigureAwait(false);
        return new PublishedVersion(store, state, healed ?? version.Record) { Deduplicated = version.Deduplicated };

        async ValueTask<BlobLocation?> FindAsync(Blob blob, CancellationToken token)
        {
            if (blob.Location.IsEmpty || draft.FindAdded(blob.Digest) is not { } added)
                return null;
            try
            {
                var needed = await store.Content.ObjectsOfAsync(blob.Location, token).ConfigureAwait(false);
                return needed.Any(damaged.Contains) ? added : null;
            }
            catch (ObjectLostException)
            {
                // The list of chunks is damaged, too.
                return added;
            }
        }
    }

    // Pages of the draft that need no damaged object. A draft shares pages with its base version.
    private static async Task<IReadOnlyDictionary<Digest, PageReference>> UndamagedPagesAsync(
        VersionStore store,
        PageReference tree,
        HashSet<Digest> damaged,
        CancellationToken cancellationToken
    )
    {
        var graph = new PageGraph();
        graph.AddTree(new DraftTree(), tree);
        await new PageGraphReader(graph, store.Pages, new TransferProgress())
            .ReadAsync(cancellationToken)
            .ConfigureAwait(false);
        var damagedPages = PageGraph.WithAncestors(
            graph
                .Objects.Where(item => damaged.Contains(item.Key))
                .SelectMany(item => item.Value.Pages.Concat(item.Value.ReferencingPages))
                .Concat(graph.Nodes.Where(node => node.Failure is not null))
        );
        return graph
            .Nodes.Except(damagedPages)
            .GroupBy(node => node.Reference.Digest)
            .ToDictionary(group => group.Key, group => group.First().Reference);
    }

    private sealed record DraftTree() : TreeOwner("a draft");
}
