using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Concurrency;
using ArtifactsPS.Core.Content.Blobs;
using ArtifactsPS.Core.Maintenance.Checking;
using ArtifactsPS.Core.Maintenance.Cleanup;
using ArtifactsPS.Core.Manifests;
using ArtifactsPS.Core.Reachability;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Maintenance;

/// <summary>The objects that live versions and open contributions need. Reading again adds what has come since; what has
/// gone since stays.</summary>
internal sealed class LiveObjects
{
    private readonly IObjectStore _store;
    private readonly PageGraphReader _reader;

    /// <param name="store">The store.</param>
    /// <param name="keepsRuns">Whether it is kept which bytes of objects are needed.</param>
    /// <param name="progress">Counts pages and their bytes.</param>
    public LiveObjects(IObjectStore store, bool keepsRuns, TransferProgress progress)
    {
        _store = store;
        Graph = new PageGraph(keepsRuns);
        Pages = new PageReader(new ContentReader(store));
        _reader = new PageGraphReader(Graph, Pages, progress);
    }

    public PageGraph Graph { get; }

    public PageReader Pages { get; }

    public bool Contains(Digest digest) => Graph.Objects.ContainsKey(digest);

    /// <summary>Reads what is needed now.</summary>
    /// <param name="leavesOut">Whether a version is not counted among those that are live.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>What the artifacts' transactions come to.</returns>
    /// <exception cref="StoreDamagedException">It can't be known.</exception>
    public async Task<IReadOnlyCollection<CatalogState>> ReadAsync(
        Func<CatalogState, VersionRecord, bool> leavesOut,
        CancellationToken cancellationToken
    )
    {
        var problems = new StoreProblems(_store.Location);
        var scan = new ArtifactScan(_store, Graph, problems) { LeavesOut = leavesOut };
        await scan.ReadAsync(cancellationToken).ConfigureAwait(false);
        await _reader.ReadAsync(cancellationToken).ConfigureAwait(false);
        var errors = problems
            .Found.Where(problem => problem.Severity == ProblemSeverity.Error)
            .Select(problem => problem.Message)
            .Concat(_reader.UnreadablePages.Select(page => page.Failure!.Message))
            .Concat(_reader.UnreadableChunkLists.Select(list => list.Failure.Message))
            .ToList();
        return errors.Count == 0
            ? scan.States
            : throw new StoreDamagedException(_store.Location, errors.Count, errors[0]);
    }
}
