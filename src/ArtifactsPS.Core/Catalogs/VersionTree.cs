using ArtifactsPS.Core.Reachability;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Catalogs;

/// <summary>A version as the owner of a tree.</summary>
/// <param name="Key">Key of the artifact.</param>
/// <param name="Name">Name of the artifact, for messages.</param>
/// <param name="Number">Number of the version.</param>
internal sealed record VersionTree(ArtifactKey Key, ArtifactName Name, int Number)
    : TreeOwner(ArtifactReference.To(Name, Number).ToString())
{
    // The name may have changed between two reads.
    public bool Equals(VersionTree? other) => other is not null && Key == other.Key && Number == other.Number;

    public override int GetHashCode() => (Key, Number).GetHashCode();
}
