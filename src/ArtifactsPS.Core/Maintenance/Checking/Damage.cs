using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Reachability;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Maintenance.Checking;

/// <summary>What a damaged object or page means for those who use the store. Of the paths, the first few are kept.</summary>
internal sealed class Damage
{
    private const int KeptPaths = 20;

    private readonly HashSet<TreeOwner> _owners = [];
    private readonly HashSet<EntryPath> _paths = [];
    private readonly List<string> _kept = [];
    private long _unknownPaths;

    /// <summary>The versions that are touched, sorted.</summary>
    public IReadOnlyList<string> Versions =>
        [
            .. _owners
                .OfType<VersionTree>()
                .OrderBy(tree => tree.Name, Names.Comparer)
                .ThenBy(tree => tree.Number)
                .Select(tree => tree.Subject),
        ];

    /// <summary>What else is touched, sorted.</summary>
    public IReadOnlyList<string> Others =>
        [
            .. _owners
                .Where(owner => owner is not VersionTree)
                .Select(owner => owner.Subject)
                .OrderBy(subject => subject, StringComparer.Ordinal),
        ];

    public IReadOnlyList<string> Paths => _kept;

    public long PathCount => _paths.Count + _unknownPaths;

    public bool IsNothing => _owners.Count == 0;

    public void Add(IEnumerable<TreeOwner> owners) => _owners.UnionWith(owners);

    /// <summary>Adds an entry; the same path of several versions counts once.</summary>
    public void Add(EntryPath path)
    {
        if (_paths.Add(path) && _kept.Count < KeptPaths)
            _kept.Add(path.ToString());
    }

    /// <summary>Adds a page that can't be read, and so all entries below it, of which the first alone may be known.</summary>
    public void Add(PageNode page)
    {
        Add(PageGraph.OwnersAbove([page]));
        _unknownPaths += page.Reference.EntryCount;
        if (page.Reference.First != default && _kept.Count < KeptPaths)
            _kept.Add(page.Reference.First.ToString());
    }
}
