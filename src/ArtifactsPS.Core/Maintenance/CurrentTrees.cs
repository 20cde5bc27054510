using ArtifactsPS.Core.Concurrency;
using ArtifactsPS.Core.Maintenance.Checking;
using ArtifactsPS.Core.Reachability;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Maintenance;

/// <summary>Trees of a graph that still exist. Other processes may delete versions and clean up during a check; objects
/// missing for this reason are not a problem of the store.</summary>
/// <param name="graph">Trees at the beginning of the check.</param>
internal sealed class CurrentTrees(IObjectStore store, PageGraph graph)
{
    private readonly PageGraph _initial = graph;
    private PageGraph _current = graph;

    /// <summary>Reads the current trees. A missing object is a problem only if a current tree needs it.</summary>
    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        var now = new PageGraph();
        // Unreadable records were reported in the first scan.
        var ignored = new StoreProblems(store.Location, new ResultList<StoreProblem>());
        await new ArtifactScan(store, now, ignored).ReadAsync(cancellationToken).ConfigureAwait(false);
        _current = now;
    }

    /// <summary>Whether a current tree needs an object.</summary>
    public bool Need(Digest digest)
    {
        var use = _initial.Objects[digest];
        return Need(use.Pages.Concat(use.ReferencingPages))
            || (_current.Objects.TryGetValue(digest, out var now) && now.Owners.Intersect(use.Owners).Any());
    }

    /// <summary>Whether a current tree contains one of the pages.</summary>
    public bool Need(IEnumerable<PageNode> pages) =>
        PageGraph
            .WithAncestors(pages)
            .Any(page => _current.Find(page.Reference) is { } now && now.Owners.Intersect(page.Owners).Any());
}
