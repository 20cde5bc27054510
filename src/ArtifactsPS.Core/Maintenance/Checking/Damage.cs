using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Reachability;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Maintenance.Checking;

/// <summary>Versions and paths that are affected by a missing or damaged object. Only the first few paths are kept.</summary>
internal sealed class Damage
{
    private const int MaxPaths = 20;

    private readonly HashSet<TreeOwner> _owners = [];
    private readonly HashSet<EntryPath> _paths = [];
    private readonly List<string> _firstPaths = [];
    private long _unknownPaths;

    /// <summary>Affected versions, sorted.</summary>
    public IReadOnlyList<string> Versions =>
        [
            .. _owners
                .OfType<VersionTree>()
                .OrderBy(tree => tree.Name.ToString(), CaseInsensitiveName.Comparer)
                .ThenBy(tree => tree.Number)
                .Select(tree => tree.Subject),
        ];

    /// <summary>Other affected owners of trees, sorted.</summary>
    public IReadOnlyList<string> Others =>
        [
            .. _owners
                .Where(owner => owner is not VersionTree)
                .Select(owner => owner.Subject)
                .OrderBy(subject => subject, StringComparer.Ordinal),
        ];

    public IReadOnlyList<string> Paths => _firstPaths;

    public long PathCount => _paths.Count + _unknownPaths;

    public bool IsEmpty => _owners.Count == 0;

    public void Add(IEnumerable<TreeOwner> owners) => _owners.UnionWith(owners);

    /// <summary>Adds an entry. A path of several versions counts once.</summary>
    public void Add(EntryPath path)
    {
        if (_paths.Add(path) && _firstPaths.Count < MaxPaths)
            _firstPaths.Add(path.ToString());
    }

    /// <summary>Adds an unreadable page and all entries below it. At most the path of the first entry is known.</summary>
    public void Add(PageNode page)
    {
        Add(PageGraph.OwnersOf([page]));
        _unknownPaths += page.Reference.EntryCount;
        if (page.Reference.First != default && _firstPaths.Count < MaxPaths)
            _firstPaths.Add(page.Reference.First.ToString());
    }
}
