using ArtifactsPS.Core.Manifests;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Output;

/// <summary>One path of a version or draft.</summary>
public class ArtifactEntry
{
    internal ArtifactEntry(ManifestEntry entry, string artifact, string store)
    {
        EntryPath = entry.Path.ToString();
        Name = entry.Path.Name;
        Digest = entry.Digest?.ToString();
        Size = entry.Size;
        Executable = entry.Executable;
        Uri = entry.Uri;
        ETag = entry.Target?.ETag;
        VersionId = entry.Target?.VersionId;
        LastModified = entry.Target?.LastModified?.LocalDateTime;
        Artifact = artifact;
        Store = store;
    }

    /// <summary>Segments joined by <c>/</c>.</summary>
    public string EntryPath { get; }

    /// <summary>The path's last segment.</summary>
    public string Name { get; }

    /// <summary>Null for a reference that was not hashed.</summary>
    public string? Digest { get; }

    /// <summary>In bytes; null for a reference of unknown size.</summary>
    public long? Size { get; }

    public bool Executable { get; }

    /// <summary>Where a reference points; null for a file.</summary>
    public string? Uri { get; }

    /// <summary>ETag of a reference's target when it was added; null where the service has none.</summary>
    public string? ETag { get; }

    /// <summary>Version of a reference's target, which is the one restored; null where the service has none.</summary>
    public string? VersionId { get; }

    /// <summary>Last change of a reference's target when it was added; null where an ETag or version is known instead.</summary>
    public DateTime? LastModified { get; }

    /// <summary>The version (<c>mnist:v3</c>), or the draft's name.</summary>
    public string Artifact { get; }

    /// <summary>The store's location.</summary>
    public string Store { get; }

    /// <inheritdoc cref="ItemPath"/>
    public string PSPath => ItemPath.Of(Store, Artifact, EntryPath);

    /// <summary>The artifact and the path, which is not the path of a file.</summary>
    public override string ToString() => $"{Artifact}:{EntryPath}";
}
