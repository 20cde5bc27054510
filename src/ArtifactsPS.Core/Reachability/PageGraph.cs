using System.Buffers.Binary;
using System.Text;
using ArtifactsPS.Core.Content.Blobs;
using ArtifactsPS.Core.Manifests;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Reachability;

/// <summary>What a <see cref="PageGraph"/> records.</summary>
internal enum GraphDetail
{
    /// <summary>Needed objects. Memory grows by some bytes for each page.</summary>
    Objects,

    /// <summary>Also the pages of each tree, and the pages and trees that need an object. Memory grows with the number of pages,
    /// not of entries.</summary>
    Trees,

    /// <summary>Also the needed byte ranges of objects. Memory grows with the number of entries, too.</summary>
    Runs,
}

/// <summary>
/// Graph of the pages of many trees and the objects that they need. A page that several trees share has one node. Finds
/// the trees that need a page or an object. Safe for concurrent callers while it is filled.
/// </summary>
internal sealed class PageGraph(GraphDetail detail = GraphDetail.Trees)
{
    // As many pages of an object take longer to read one by one than the object.
    private const int ManyPages = 8;
    private const int PagesAtOnce = 1024;

    private static readonly ObjectUse UnrecordedUse = new();

    private readonly object _lock = new();
    private readonly bool _recordsRuns = detail == GraphDetail.Runs;
    private readonly bool _recordsTrees = detail != GraphDetail.Objects;
    private readonly Dictionary<PageKey, PageNode> _nodes = [];

    // Where trees are not recorded, the known pages.
    private readonly HashSet<PageFingerprint> _known = [];
    private readonly Dictionary<Digest, ObjectUse> _objects = [];
    private readonly SortedDictionary<int, List<PageNode>> _unvisited = [];

    /// <summary>All needed objects, by digest.</summary>
    public IReadOnlyDictionary<Digest, ObjectUse> Objects => _objects;

    public IEnumerable<PageNode> Nodes => _nodes.Values;

    /// <summary>Adds the root of an owner's tree.</summary>
    public void AddTree(TreeOwner owner, PageReference root)
    {
        lock (_lock)
            if (_recordsTrees)
                NodeOf(root).Owners.Add(owner);
            else
                AddPage(root);
    }

    /// <summary>Adds content that an owner refers to directly, outside of a tree.</summary>
    public void AddBlob(TreeOwner owner, Blob blob)
    {
        lock (_lock)
        {
            var use = UseOf(blob.Location.Object.Digest);
            if (!_recordsTrees)
                return;
            use.AddNeededRun(blob.Location.Offset, blob.StoredLength, _recordsRuns);
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
                if (_recordsTrees)
                    NodeOf(child).Parents.Add(node);
                else
                    AddPage(child);
            foreach (var item in needed)
            {
                var use = UseOf(item.Object);
                if (!_recordsTrees)
                    continue;
                use.AddNeededRun(item.Offset, item.Size, _recordsRuns);
                if (use.ReferencingPages.Count == 0 || use.ReferencingPages[use.ReferencingPages.Count - 1] != node)
                    use.ReferencingPages.Add(node);
            }
        }
    }

    /// <summary>Adds the needed objects of another graph. Only for a graph that records nothing else.</summary>
    public void AddObjects(PageGraph other)
    {
        lock (_lock)
            foreach (var digest in other.Objects.Keys)
                UseOf(digest);
    }

    /// <summary>Finds the node of a reference; null if it was not added.</summary>
    public PageNode? Find(PageReference reference) =>
        _nodes.TryGetValue(PageKey.Of(reference), out var node) ? node : null;

    /// <summary>Removes and returns some unread pages of the lowest level that has any, so that few pages wait; empty at the
    /// end.</summary>
    public IReadOnlyList<PageNode> TakeUnvisited()
    {
        lock (_lock)
        {
            if (_unvisited.Count == 0)
                return [];
            var (level, pages) = (_unvisited.First().Key, _unvisited.First().Value);
            var start = Math.Max(0, pages.Count - PagesAtOnce);
            var taken = pages.GetRange(start, pages.Count - start);
            if (start == 0)
                _unvisited.Remove(level);
            else
                pages.RemoveRange(start, taken.Count);
            return taken;
        }
    }

    /// <summary>Objects that contain several of the pages.</summary>
    public static HashSet<Digest> ObjectsWithMany(IEnumerable<PageNode> pages) =>
        [
            .. pages
                .GroupBy(page => page.Reference.Location.Object.Digest)
                .Where(group => group.Count() >= ManyPages)
                .Select(group => group.Key),
        ];

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
        use.AddNeededRun(key.Location.Offset, reference.Location.StoredLength(reference.Length), _recordsRuns);
        use.Pages.Add(node);
        AddUnvisited(node);
        return node;
    }

    private void AddPage(PageReference reference)
    {
        var key = PageKey.Of(reference);
        if (!_known.Add(PageFingerprint.Of(key)))
            return;
        UseOf(key.Location.Object);
        AddUnvisited(new PageNode(reference));
    }

    private void AddUnvisited(PageNode node)
    {
        var level = node.Reference.Level;
        if (!_unvisited.TryGetValue(level, out var nodes))
            _unvisited.Add(level, nodes = []);
        nodes.Add(node);
    }

    private ObjectUse UseOf(Digest digest)
    {
        if (!_objects.TryGetValue(digest, out var use))
            _objects.Add(digest, use = _recordsTrees ? new ObjectUse() : UnrecordedUse);
        return use;
    }

    // Full description of a page. References to the same page can differ, because one of them can be wrong.
    private readonly record struct PageKey(Digest Page, PageLocation Location, long Entries, long Size, EntryPath First)
    {
        public static PageKey Of(PageReference page) =>
            new(page.Digest, PageLocation.Of(page), page.EntryCount, page.TotalSize, page.First);
    }

    // First 16 bytes of the SHA-256 of a page's description.
    private readonly record struct PageFingerprint(ulong First, ulong Second)
    {
        public static PageFingerprint Of(PageKey page)
        {
            var (level, source, offset, length, frame) = page.Location;
            var description = FormattableString.Invariant(
                $"{page.Page} {level} {source} {offset} {length} {frame} {page.Entries} {page.Size} {page.First}"
            );
            var digest = Sha256.Of(Encoding.UTF8.GetBytes(description));
            Span<byte> bytes = stackalloc byte[Digest.Length];
            digest.CopyTo(bytes);
            return new(
                BinaryPrimitives.ReadUInt64LittleEndian(bytes),
                BinaryPrimitives.ReadUInt64LittleEndian(bytes.Slice(8))
            );
        }
    }
}
