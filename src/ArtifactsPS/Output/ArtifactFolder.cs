namespace ArtifactsPS.Output;

/// <summary>A folder of a version on a drive: a common prefix of entry paths.</summary>
public sealed class ArtifactFolder
{
    internal ArtifactFolder(string path, string artifact, string store)
    {
        Path = path;
        Artifact = artifact;
        Store = store;
    }

    /// <summary>Segments, each followed by <c>/</c>; empty for the drive's root.</summary>
    public string Path { get; }

    /// <summary>The path's last segment.</summary>
    public string Name => Path.TrimEnd('/').Substring(Path.TrimEnd('/').LastIndexOf('/') + 1);

    /// <summary>The version, <c>mnist:v3</c>; empty for the drive's root.</summary>
    public string Artifact { get; }

    /// <summary>The store's location.</summary>
    public string Store { get; }

    /// <inheritdoc/>
    public override string ToString() => Path;
}
