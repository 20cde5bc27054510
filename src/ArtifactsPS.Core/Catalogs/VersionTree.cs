using ArtifactsPS.Core.Reachability;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Catalogs;

/// <summary>A version as the owner of a tree.</summary>
/// <param name="Name">Name of the artifact.</param>
/// <param name="Number">Number of the version.</param>
internal sealed record VersionTree(ArtifactName Name, int Number)
    : TreeOwner(ArtifactReference.To(Name, Number).ToString());
