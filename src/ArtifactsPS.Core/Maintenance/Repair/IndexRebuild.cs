using ArtifactsPS.Core.Concurrency;
using ArtifactsPS.Core.Content.Blobs;
using ArtifactsPS.Core.Content.Index;
using ArtifactsPS.Core.Maintenance.Checking;
using ArtifactsPS.Core.Manifests;
using ArtifactsPS.Core.Reachability;
using ArtifactsPS.Core.Storage;

namespace ArtifactsPS.Core.Maintenance.Repair;

/// <summary>Adds all content of versions to the index that no segment has.</summary>
internal static class IndexRebuild
{
    public static async Task RunAsync(IObjectStore store, CancellationToken cancellationToken)
    {
        var graph = new PageGraph();
        // The check has reported unreadable records and pages.
        var ignored = new StoreProblems(store.Location, new ResultList<StoreProblem>());
        await new ArtifactScan(store, graph, ignored).ReadAsync(cancellationToken).ConfigureAwait(false);
        using var index = new StoreIndex(store);
        using var comparison = new IndexComparison(store, index.AddAsync);
        await new PageGraphReader(
            graph,
            new PageReader(new ContentReader(store)),
            new TransferProgress(),
            comparison.AddAsync
        )
            .ReadAsync(cancellationToken)
            .ConfigureAwait(false);
        await comparison.CompleteAsync(cancellationToken).ConfigureAwait(false);
    }
}
