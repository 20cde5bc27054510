namespace ArtifactsPS.Output;

/// <summary>A folder of a version on a drive: a common prefix of entry paths.</summary>
public sealed class ArtifactFolder
{
    internal ArtifactFolder(string path, string artifact, string store)
    {
        EntryPath = path;
        Artifact = artifact;
        Store = store;
    }

    /// <summary>Segments, each followed by <c>/</c>; empty for the drive's root.</summary>
    public string EntryPath { get; }

    /// <summary>The path's last segment.</summary>
    public string Name => EntryPath.TrimEnd('/').Substring(EntryPath.TrimEnd('/').LastIndexOf('/') + 1);

    /// <summary>The version, <c>mnist:v3</c>; empty for the drive's root.</summary>
    public string Artifact { get; }

    /// <summary>The store's location.</summary>
    public string Store { get; }

    /// <inheritdoc cref="ItemPath"/>
    public string PSPath => ItemPath.Of(Store, Artifact, EntryPath);

    /// <summary>The artifact and the path, which is not the path of a folder; for the drive's root, the text of the store.</summary>
    public override string ToString() =>
        Artifact.Length > 0 ? $"{Artifact}:{EntryPath}" : ItemPath.TextOf(ItemPath.Store, Store);
}
