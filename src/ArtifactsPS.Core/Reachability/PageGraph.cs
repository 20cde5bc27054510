using ArtifactsPS.Core.Content.Blobs;
using ArtifactsPS.Core.Manifests;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Reachability;

/// <summary>
/// Graph of the pages of many trees and the objects that they need. A page that several trees share has one node. Finds
/// the trees that need a page or an object. Memory grows with the number of pages, not of entries. Safe for concurrent
/// callers while it is filled.
/// </summary>
/// <param name="recordsRuns">Whether to record the needed byte ranges of objects. Memory then grows with entries, too.</param>
internal sealed class PageGraph(bool recordsRuns = false)
{
    private readonly object _lock = new();
    private readonly Dictionary<PageKey, PageNode> _nodes = [];
    private readonly Dictionary<Digest, ObjectUse> _objects = [];
    private readonly SortedDictionary<int, List<PageNode>> _unvisited = [];

    /// <summary>All needed objects, by digest.</summary>
    public IReadOnlyDictionary<Digest, ObjectUse> Objects => _objects;

    public IEnumerable<PageNode> Nodes => _nodes.Values;

    /// <summary>Adds the root of an owner's tree.</summary>
    public void AddTree(TreeOwner owner, PageReference root)
    {
        lock (_lock)
            NodeOf(root).Owners.Add(owner);
    }

    /// <summary>Adds content that an owner refers to directly, outside of a tree.</summary>
    public void AddBlob(TreeOwner owner, Blob blob)
    {
        lock (_lock)
        {
            var use = UseOf(blob.Location.Object.Digest);
            use.AddNeededRun(blob.Location.Offset, blob.StoredLength, recordsRuns);
            use.Owners.Add(owner);
        }
    }

    /// <summary>Adds the children of a page and the content of its entries.</summary>
    /// <param name="needed">Byte ranges that its entries need.</param>
    public void AddChildren(PageNode node, IEnumerable<PageReference> children, IEnumerable<StoredRun> needed)
    {
        lock (_lock)
        {
            foreach (var child in children)
                NodeOf(child).Parents.Add(node);
            foreach (var item in needed)
            {
                var use = UseOf(item.Object);
                use.AddNeededRun(item.Offset, item.Size, recordsRuns);
                if (use.ReferencingPages.Count == 0 || use.ReferencingPages[use.ReferencingPages.Count - 1] != node)
                    use.ReferencingPages.Add(node);
            }
        }
    }

    /// <summary>Finds the node of a reference; null if it was not added.</summary>
    public PageNode? Find(PageReference reference) =>
        _nodes.TryGetValue(PageKey.Of(reference), out var node) ? node : null;

    /// <summary>Removes and returns the unread pages of the highest level; empty at the end. All their parents have been
    /// read.</summary>
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

    /// <summary>Owners of the trees that contain at least one of these pages.</summary>
    public static IEnumerable<TreeOwner> OwnersOf(IEnumerable<PageNode> nodes) =>
        WithAncestors(nodes).SelectMany(node => node.Owners).Distinct();

    /// <summary>Pages together with all their ancestors.</summary>
    public static IReadOnlyCollection<PageNode> WithAncestors(IEnumerable<PageNode> nodes)
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
        var key = PageKey.Of(reference);
        if (_nodes.TryGetValue(key, out var known))
            return known;
        var node = new PageNode(reference);
        _nodes.Add(key, node);
        var use = UseOf(key.Location.Object);
        use.AddNeededRun(key.Location.Offset, reference.Location.StoredLength(reference.Length), recordsRuns);
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

    // Full description of a page. References to the same page can differ, because one of them can be wrong.
    private readonly record struct PageKey(Digest Page, PageLocation Location, long Entries, long Size, EntryPath First)
    {
        public static PageKey Of(PageReference page) =>
            new(page.Digest, PageLocation.Of(page), page.EntryCount, page.TotalSize, page.First);
    }
}
