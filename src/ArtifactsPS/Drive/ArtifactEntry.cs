using ArtifactsPS.Core.Manifests;

namespace ArtifactsPS.Drive;

/// <summary>An entry on a drive, which is displayed in the view of drives. It has a type of its own, because a type name added to each
/// object takes as long as the rest of its output.</summary>
public sealed class ArtifactEntry : Output.ArtifactEntry
{
    internal ArtifactEntry(ManifestEntry entry, string artifact, string store)
        : base(entry, artifact, store) { }
}
