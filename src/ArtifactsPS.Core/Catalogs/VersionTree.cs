using ArtifactsPS.Core.Reachability;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Catalogs;

/// <summary>The tree of a version.</summary>
/// <param name="Name">The artifact.</param>
/// <param name="Number">The version.</param>
internal sealed record VersionTree(string Name, int Number) : TreeOwner(ArtifactReference.To(Name, Number).ToString());
