using ArtifactsPS.Core.Content.Blobs;
using ArtifactsPS.Core.Manifests;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Reachability;

/// <summary>
/// The pages that trees are made of, each once however many trees share it, and the objects that they need. Answers from
/// the bottom to the top: which trees a page or an object is needed by. Memory grows with pages, not with entries. Safe
/// for concurrent callers while it is filled.
/// </summary>
/// <param name="keepsRuns">Whether it is kept which bytes of objects are needed; then memory grows with entries, too.</param>
internal sealed class PageGraph(bool keepsRuns = false)
{
    private readonly object _lock = new();
    private readonly Dictionary<Claim, PageNode> _nodes = [];
    private readonly Dictionary<Digest, ObjectUse> _objects = [];
    private readonly SortedDictionary<int, List<PageNode>> _unvisited = [];

    /// <summary>All objects that anything needs.</summary>
    public IReadOnlyDictionary<Digest, ObjectUse> Objects => _objects;

    public IEnumerable<PageNode> Nodes => _nodes.Values;

    /// <summary>Adds a tree's root.</summary>
    public void AddTree(TreeOwner owner, PageReference root)
    {
        lock (_lock)
            NodeOf(root).Owners.Add(owner);
    }

    /// <summary>Adds content that is named outside of all trees.</summary>
    public void AddBlob(TreeOwner owner, Blob blob)
    {
        lock (_lock)
        {
            var use = UseOf(blob.Location.Object.Digest);
            use.Need(blob.Location.Offset, blob.Size, keepsRuns);
            use.Owners.Add(owner);
        }
    }

    /// <summary>Adds what a page lists.</summary>
    /// <param name="node">The page.</param>
    /// <param name="children">The pages it lists.</param>
    /// <param name="needed">What its entries need.</param>
    public void AddBelow(PageNode node, IEnumerable<PageReference> children, IEnumerable<StoredRun> needed)
    {
        lock (_lock)
        {
            foreach (var child in children)
                NodeOf(child).Parents.Add(node);
            foreach (var item in needed)
            {
                var use = UseOf(item.Object);
                use.Need(item.Offset, item.Size, keepsRuns);
                if (use.Namers.Count == 0 || use.Namers[use.Namers.Count - 1] != node)
                    use.Namers.Add(node);
            }
        }
    }

    /// <summary>Finds the node that a reference names; null when it was not added.</summary>
    public PageNode? Find(PageReference reference) =>
        _nodes.TryGetValue(Claim.Of(reference), out var node) ? node : null;

    /// <summary>Takes the pages that wait to be read on the highest level that has any; none at the end. All that name
    /// them were read before.</summary>
    public IReadOnlyList<PageNode> TakeUnvisited()
    {
        lock (_lock)
        {
            if (_unvisited.Count == 0)
                return [];
            var highest = _unvisited.Last();
            _unvisited.Remove(highest.Key);
            return highest.Value;
        }
    }

    /// <summary>Those whose trees have one of these pages.</summary>
    public static IEnumerable<TreeOwner> OwnersAbove(IEnumerable<PageNode> nodes) =>
        WithAllAbove(nodes).SelectMany(node => node.Owners).Distinct();

    /// <summary>Pages, and all that they are below of.</summary>
    public static IReadOnlyCollection<PageNode> WithAllAbove(IEnumerable<PageNode> nodes)
    {
        var seen = new HashSet<PageNode>();
        var pending = new Stack<PageNode>(nodes);
        while (pending.Count > 0)
        {
            var node = pending.Pop();
            if (!seen.Add(node))
                continue;
            foreach (var parent in node.Parents)
                pending.Push(parent);
        }
        return seen;
    }

    private PageNode NodeOf(PageReference reference)
    {
        var claim = Claim.Of(reference);
        if (_nodes.TryGetValue(claim, out var known))
            return known;
        var node = new PageNode(reference);
        _nodes.Add(claim, node);
        var use = UseOf(claim.Object);
        use.Need(claim.Offset, claim.Length, keepsRuns);
        use.Pages.Add(node);
        if (!_unvisited.TryGetValue(reference.Level, out var level))
            _unvisited.Add(reference.Level, level = []);
        level.Add(node);
        return node;
    }

    private ObjectUse UseOf(Digest digest)
    {
        if (!_objects.TryGetValue(digest, out var use))
            _objects.Add(digest, use = new ObjectUse());
        return use;
    }

    // All that is said of a page: what one reference says rightly another may say wrongly.
    private readonly record struct Claim(
        Digest Page,
        Digest Object,
        long Offset,
        int Length,
        int Level,
        long Entries,
        long Size,
        EntryPath First
    )
    {
        public static Claim Of(PageReference page) =>
            new(
                page.Digest,
                page.Location.Object.Digest,
                page.Location.Offset,
                page.Length,
                page.Level,
                page.EntryCount,
                page.TotalSize,
                page.First
            );
    }
}
