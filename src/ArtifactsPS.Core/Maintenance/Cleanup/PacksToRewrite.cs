using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Reachability;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Maintenance.Cleanup;

/// <summary>Chooses packs whose needed content is worth copying to new packs: packs of which less than half is needed, and small
/// packs where there are many.</summary>
internal sealed class PacksToRewrite
{
    private const long SmallLength = 1 << 20;
    private const int MinSmallPacks = 16;

    private readonly List<(Digest Digest, long Length)> _sparse = [];
    private readonly List<(Digest Digest, long Length)> _small = [];

    /// <summary>Considers a needed object.</summary>
    /// <param name="length">Length in bytes.</param>
    public void Add(Digest digest, long length, ObjectUse use)
    {
        if (!IsMovable(use))
            return;
        if (2 * use.NeededBytes < length)
            _sparse.Add((digest, length));
        else if (length < SmallLength)
            _small.Add((digest, length));
    }

    /// <summary>Chooses the packs.</summary>
    public IReadOnlyList<(Digest Digest, long Length)> Choose() =>
        _small.Count >= MinSmallPacks ? [.. _sparse, .. _small] : _sparse;

    // Content of contributions is not moved: their records contain its location and are never rewritten.
    private static bool IsMovable(ObjectUse use) =>
        use.Owners.Count == 0
        && !PageGraph.OwnersOf(use.Pages.Concat(use.ReferencingPages)).Any(owner => owner is not VersionTree);
}
