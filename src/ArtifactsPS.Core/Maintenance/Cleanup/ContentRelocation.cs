using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Content.Blobs;
using ArtifactsPS.Core.Manifests;
using ArtifactsPS.Core.Publishing;
using ArtifactsPS.Core.Reachability;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Maintenance.Cleanup;

/// <summary>Copies the intact content of objects to new objects, and relocates the versions that need it.</summary>
internal static class ContentRelocation
{
    /// <param name="graph">Trees of all live versions.</param>
    /// <param name="objects">Objects whose content is moved.</param>
    public static async Task LeaveAsync(
        VersionStore store,
        PageGraph graph,
        PageReader pages,
        IReadOnlyCollection<Digest> objects,
        RunId? runId,
        CancellationToken cancellationToken
    )
    {
        var writer = new StoreWriter(store);
        await using (writer.ConfigureAwait(false))
        {
            var blobs = new BlobRelocator(pages.Content, writer.Content, objects.Contains);
            var trees = new TreeRelocator(graph, pages, writer.Content, objects.Contains, blobs.MoveAsync);
            var moves = await trees.RelocateAsync(cancellationToken).ConfigureAwait(false);
            await writer.MakeDurableAsync(cancellationToken).ConfigureAwait(false);
            await VersionRelocator.CommitAsync(writer, moves, runId, cancellationToken).ConfigureAwait(false);
        }
    }
}
