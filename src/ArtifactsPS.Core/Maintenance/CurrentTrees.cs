using ArtifactsPS.Core.Maintenance.Checking;
using ArtifactsPS.Core.Reachability;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Maintenance;

/// <summary>Which trees of a graph are still there: others may delete versions, and clean up, while a store is
/// checked. What is missing then is none of its faults.</summary>
/// <param name="store">The store.</param>
/// <param name="graph">The trees as they were when the check began.</param>
internal sealed class CurrentTrees(IObjectStore store, PageGraph graph)
{
    private readonly PageGraph _then = graph;
    private PageGraph _now = graph;

    /// <summary>Reads what there is now. What was found missing before is a fault only if something needs it still.</summary>
    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        var now = new PageGraph();
        // What can't be read was told of the first time.
        var told = new StoreProblems(store.Location);
        await new ArtifactScan(store, now, told).ReadAsync(cancellationToken).ConfigureAwait(false);
        _now = now;
    }

    /// <summary>Whether any of them needs an object.</summary>
    public bool Need(Digest digest)
    {
        var use = _then.Objects[digest];
        return Need(use.Pages.Concat(use.Namers))
            || (_now.Objects.TryGetValue(digest, out var now) && now.Owners.Intersect(use.Owners).Any());
    }

    /// <summary>Whether any of them has one of these pages.</summary>
    public bool Need(IEnumerable<PageNode> pages) =>
        PageGraph
            .WithAllAbove(pages)
            .Any(page => _now.Find(page.Reference) is { } now && now.Owners.Intersect(page.Owners).Any());
}
