using ArtifactsPS.Manifests;

namespace ArtifactsPS.Catalogs;

/// <summary>The tree of a version.</summary>
/// <param name="Name">The artifact.</param>
/// <param name="Number">The version.</param>
internal sealed record VersionTree(string Name, int Number) : TreeOwner(ArtifactReference.To(Name, Number).ToString());
