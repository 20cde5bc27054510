using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Content.Blobs;
using ArtifactsPS.Core.Manifests;
using ArtifactsPS.Core.Publishing;
using ArtifactsPS.Core.Reachability;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Maintenance.Cleanup;

/// <summary>Stores elsewhere what is whole of some objects, and relocates the versions that need it.</summary>
internal static class ContentRelocation
{
    /// <param name="store">The store.</param>
    /// <param name="graph">The trees of all live versions.</param>
    /// <param name="pages">Reads pages.</param>
    /// <param name="objects">The objects that content is to leave.</param>
    /// <param name="runId">The run that does it.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    public static async Task LeaveAsync(
        VersionStore store,
        PageGraph graph,
        PageReader pages,
        IReadOnlyCollection<Digest> objects,
        string? runId,
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
