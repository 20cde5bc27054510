using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Concurrency;
using ArtifactsPS.Core.Content.Blobs;
using ArtifactsPS.Core.Maintenance.Checking;
using ArtifactsPS.Core.Maintenance.Cleanup;
using ArtifactsPS.Core.Manifests;
using ArtifactsPS.Core.Reachability;
using ArtifactsPS.Core.Records;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Maintenance;

/// <summary>Objects that live versions and open contributions need. Reading again adds newly needed objects and removes
/// none.</summary>
internal sealed class LiveObjects
{
    private readonly IObjectStore _store;
    private readonly TransferProgress _progress;
    private readonly PageGraphReader _reader;
    private readonly bool _recordsTrees;
    private Dictionary<ArtifactKey, CatalogState> _states = [];

    /// <param name="keepsRuns">Whether to keep the needed byte ranges of objects.</param>
    /// <param name="progress">Counts pages and their bytes.</param>
    public LiveObjects(IObjectStore store, bool keepsRuns, TransferProgress progress)
    {
        _store = store;
        _progress = progress;
        _recordsTrees = keepsRuns;
        Graph = new PageGraph(keepsRuns ? GraphDetail.Runs : GraphDetail.Objects);
        Pages = new PageReader(new ContentReader(store));
        _reader = new PageGraphReader(Graph, Pages, progress);
    }

    public PageGraph Graph { get; }

    public PageReader Pages { get; }

    public bool Contains(Digest digest) => Graph.Objects.ContainsKey(digest);

    /// <summary>Reads the objects that are needed now, and checks the logs of all artifacts.</summary>
    /// <param name="excludes">Whether a version counts as deleted.</param>
    /// <returns>States of all artifacts.</returns>
    /// <exception cref="StoreDamagedException">The store has problems, so that the needed objects are unknown.</exception>
    public async Task<IReadOnlyCollection<CatalogState>> ReadAsync(
        Func<CatalogState, VersionRecord, bool> excludes,
        CancellationToken cancellationToken
    )
    {
        _states = [];
        await ScanAsync(excludes, cancellationToken).ConfigureAwait(false);
        return _states.Values;
    }

    /// <summary>Reads the objects that are needed now. Of the artifacts that were read before, only the transactions that are new
    /// are read. All live versions count.</summary>
    /// <exception cref="StoreDamagedException">The store has problems, so that the needed objects are unknown.</exception>
    public async Task ReadAgainAsync(CancellationToken cancellationToken)
    {
        try
        {
            await ScanAsync((_, _) => false, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is ObjectLostException or LogIncompleteException)
        {
            throw new StoreDamagedException(_store.Location, 1, e.Message);
        }
    }

    private async Task ScanAsync(Func<CatalogState, VersionRecord, bool> excludes, CancellationToken cancellationToken)
    {
        var problems = new ResultList<StoreProblem>();
        var scan = new ArtifactScan(_store, Graph, new StoreProblems(_store.Location, problems))
        {
            Excludes = excludes,
            Earlier = _states,
        };
        await scan.ReadAsync(cancellationToken).ConfigureAwait(false);
        await _reader.ReadAsync(cancellationToken).ConfigureAwait(false);
        var errors = problems
            .Where(problem => problem.Severity == ProblemSeverity.Error)
            .Select(problem => problem.Message)
            .ToList();
        if (!_reader.IsComplete)
            errors.AddRange(await FindUnreadableAsync(excludes, cancellationToken).ConfigureAwait(false));
        if (errors.Count > 0)
            throw new StoreDamagedException(_store.Location, errors.Count, errors[0]);
        _states = scan.States.ToDictionary(state => state.Key);
    }

    // Other processes may remove versions and clean up meanwhile: an unreadable page counts only if a current tree needs it.
    private async Task<IReadOnlyList<string>> FindUnreadableAsync(
        Func<CatalogState, VersionRecord, bool> excludes,
        CancellationToken cancellationToken
    )
    {
        var (graph, reader) = _recordsTrees
            ? (Graph, _reader)
            : await ReadTreesAsync(excludes, cancellationToken).ConfigureAwait(false);
        var current = new CurrentTrees(_store, graph);
        await current.RefreshAsync(cancellationToken).ConfigureAwait(false);
        var pages = reader.UnreadablePages.Where(page => current.Need([page]));
        var lists = reader.UnreadableChunkLists.Where(list => current.Need([list.Page]));
        return [.. pages.Select(page => page.Failure!.Message), .. lists.Select(list => list.Failure.Message)];
    }

    // Reads everything again, to find the trees that need an unreadable page.
    private async Task<(PageGraph Graph, PageGraphReader Reader)> ReadTreesAsync(
        Func<CatalogState, VersionRecord, bool> excludes,
        CancellationToken cancellationToken
    )
    {
        var graph = new PageGraph();
        // Unreadable records were reported in the first scan.
        var ignored = new StoreProblems(_store.Location, new ResultList<StoreProblem>());
        var scan = new ArtifactScan(_store, graph, ignored) { Excludes = excludes };
        await scan.ReadAsync(cancellationToken).ConfigureAwait(false);
        var reader = new PageGraphReader(graph, Pages, _progress);
        await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
        Graph.AddObjects(graph);
        return (graph, reader);
    }
}
