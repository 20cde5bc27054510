using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Concurrency;
using ArtifactsPS.Core.Content.Blobs;
using ArtifactsPS.Core.Manifests;
using ArtifactsPS.Core.Publishing;
using ArtifactsPS.Core.Reachability;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Maintenance.Cleanup;

/// <summary>Copies the intact content of objects to new objects, and relocates the versions that need it.</summary>
internal static class ContentRelocation
{
    /// <param name="graph">Trees of all live versions.</param>
    /// <param name="objects">Objects whose content is moved.</param>
    /// <param name="progress">Counts objects that are read as a whole, and their bytes.</param>
    public static async Task LeaveAsync(
        VersionStore store,
        PageGraph graph,
        IReadOnlyCollection<Digest> objects,
        TransferProgress progress,
        RunId? runId,
        CancellationToken cancellationToken
    )
    {
        var affected = objects
            .Where(graph.Objects.ContainsKey)
            .SelectMany(digest => graph.Objects[digest].Pages.Concat(graph.Objects[digest].ReferencingPages));
        var withPages = PageGraph.ObjectsWithMany(PageGraph.WithAncestors(affected));
        using var spool = new SpooledObjects(
            store.Objects.WithoutCache(),
            digest => objects.Contains(digest) || withPages.Contains(digest),
            progress
        );
        var content = new ContentReader(store.Objects, spool);
        var writer = new StoreWriter(store);
        await using (writer.ConfigureAwait(false))
        {
            var blobs = new BlobRelocator(content, writer.Content, objects.Contains);
            var trees = new TreeRelocator(
                graph,
                new PageReader(content),
                writer.Content,
                objects.Contains,
                blobs.MoveAsync
            );
            var moves = await trees.RelocateAsync(cancellationToken).ConfigureAwait(false);
            await writer.MakeDurableAsync(cancellationToken).ConfigureAwait(false);
            await VersionRelocator.CommitAsync(writer, moves, runId, cancellationToken).ConfigureAwait(false);
        }
    }
}
