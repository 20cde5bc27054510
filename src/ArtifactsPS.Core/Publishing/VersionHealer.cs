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
/// Lets the versions of an artifact find again what the store had lost of them and a draft has stored anew: their pages are
/// written with the new places, and one transaction relocates them all.
/// </summary>
internal static class VersionHealer
{
    /// <summary>Heals what can be.</summary>
    /// <param name="version">What the draft became; another version may have the same content.</param>
    /// <param name="draft">The draft, all of which is in the store.</param>
    /// <param name="tree">Its tree.</param>
    /// <param name="runId">The run that does it.</param>
    /// <param name="cancellationToken">Stops the call; publishing again goes on.</param>
    /// <returns>The version as it is then.</returns>
    public static async Task<PublishedVersion> HealAsync(
        PublishedVersion version,
        ArtifactDraft draft,
        PageReference tree,
        string? runId,
        CancellationToken cancellationToken
    )
    {
        var store = version.Store;
        var state = await store.OpenCatalog(version.Name).ReadAsync(cancellationToken).ConfigureAwait(false);
        var graph = new PageGraph();
        foreach (var number in state.VersionNumbers)
            graph.AddTree(new VersionTree(state.Name, number), state.Find(number)!.Root);
        await new PageGraphReader(graph, store.Pages, new TransferProgress())
            .ReadAsync(cancellationToken)
            .ConfigureAwait(false);
        HashSet<Digest> lost =
        [
            // What has come back by being stored again is no longer among them.
            .. await DamagedObjects
                .ListAsync(store.Objects, draft.Existing?.Missing ?? [], cancellationToken)
                .ConfigureAwait(false),
            .. graph
                .Nodes.Where(node => node.Failure is not null)
                .Select(node => node.Reference.Location.Object!.Digest!.Value),
        ];

        var writer = StoreWriter.For(draft);
        await using (writer.ConfigureAwait(false))
        {
            var relocator = new TreeRelocator(graph, store.Pages, writer.Content, lost.Contains, FindAsync)
            {
                Stored = await SoundPagesAsync(store, tree, lost, cancellationToken).ConfigureAwait(false),
            };
            var moves = await relocator.RelocateAsync(cancellationToken).ConfigureAwait(false);
            await writer.MakeDurableAsync(cancellationToken).ConfigureAwait(false);
            await VersionRelocator.CommitAsync(writer, moves, runId, cancellationToken).ConfigureAwait(false);
        }
        state = await store.OpenCatalog(version.Name).ReadAsync(cancellationToken).ConfigureAwait(false);
        return new PublishedVersion(store, state, state.Find(version.Record.Number) ?? version.Record)
        {
            Deduplicated = version.Deduplicated,
        };

        async ValueTask<BlobLocation?> FindAsync(Blob blob, CancellationToken token)
        {
            if (blob.Location.Object is null || draft.FindAdded(blob.Digest) is not { } added)
                return null;
            try
            {
                var needed = await store.Content.ObjectsOfAsync(blob.Location, token).ConfigureAwait(false);
                return needed.Any(lost.Contains) ? added : null;
            }
            catch (ObjectLostException)
            {
                // The list of its chunks is lost with them.
                return added;
            }
        }
    }

    // A draft from a version shares pages with it, which may need what is lost.
    private static async Task<IReadOnlyDictionary<Digest, PageReference>> SoundPagesAsync(
        VersionStore store,
        PageReference tree,
        HashSet<Digest> lost,
        CancellationToken cancellationToken
    )
    {
        var graph = new PageGraph();
        graph.AddTree(new DraftTree(), tree);
        await new PageGraphReader(graph, store.Pages, new TransferProgress())
            .ReadAsync(cancellationToken)
            .ConfigureAwait(false);
        var unsound = PageGraph.WithAllAbove(
            graph
                .Objects.Where(item => lost.Contains(item.Key))
                .SelectMany(item => item.Value.Pages.Concat(item.Value.Namers))
                .Concat(graph.Nodes.Where(node => node.Failure is not null))
        );
        return graph
            .Nodes.Except(unsound)
            .GroupBy(node => node.Reference.Digest)
            .ToDictionary(group => group.Key, group => group.First().Reference);
    }

    private sealed record DraftTree() : TreeOwner("a draft");
}
