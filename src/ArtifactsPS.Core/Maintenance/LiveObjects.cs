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

/// <summary>Objects that live versions and open contributions need. Reading again adds newly needed objects and removes
/// none.</summary>
internal sealed class LiveObjects
{
    private readonly IObjectStore _store;
    private readonly PageGraphReader _reader;

    /// <param name="keepsRuns">Whether to keep the needed byte ranges of objects.</param>
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

    /// <summary>Reads the objects that are needed now.</summary>
    /// <param name="excludes">Whether a version counts as deleted.</param>
    /// <returns>States of all artifacts.</returns>
    /// <exception cref="StoreDamagedException">The store has problems, so that the needed objects are unknown.</exception>
    public async Task<IReadOnlyCollection<CatalogState>> ReadAsync(
        Func<CatalogState, VersionRecord, bool> excludes,
        CancellationToken cancellationToken
    )
    {
        var problems = new ResultList<StoreProblem>();
        var scan = new ArtifactScan(_store, Graph, new StoreProblems(_store.Location, problems))
        {
            Excludes = excludes,
        };
        await scan.ReadAsync(cancellationToken).ConfigureAwait(false);
        await _reader.ReadAsync(cancellationToken).ConfigureAwait(false);
        // Other processes may remove versions and clean up meanwhile.
        var current = new CurrentTrees(_store, Graph);
        if (!_reader.IsComplete)
            await current.RefreshAsync(cancellationToken).ConfigureAwait(false);
        var pages = _reader.UnreadablePages.Where(page => current.Need([page]));
        var lists = _reader.UnreadableChunkLists.Where(list => current.Need([list.Page]));
        var errors = problems
            .Where(problem => problem.Severity == ProblemSeverity.Error)
            .Select(problem => problem.Message)
            .Concat(pages.Select(page => page.Failure!.Message))
            .Concat(lists.Select(list => list.Failure.Message))
            .ToList();
        return errors.Count == 0
            ? scan.States
            : throw new StoreDamagedException(_store.Location, errors.Count, errors[0]);
    }
}
