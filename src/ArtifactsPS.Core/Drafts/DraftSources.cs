using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Drafts;

/// <summary>Versions whose entries were added to a draft. Safe for concurrent callers.</summary>
internal sealed class DraftSources
{
    private readonly SortedDictionary<string, ArtifactReference> _versions = new(StringComparer.OrdinalIgnoreCase);

    public void Add(PublishedVersion version)
    {
        lock (_versions)
            _versions[version.Reference] = ArtifactReference.To(version.Name, version.Record.Number);
    }

    /// <summary>References by number, sorted by their texts.</summary>
    public IReadOnlyList<ArtifactReference> ToList()
    {
        lock (_versions)
            return [.. _versions.Values];
    }
}
