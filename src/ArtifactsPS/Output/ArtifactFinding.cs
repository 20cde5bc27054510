using ArtifactsPS.Core.Restoring;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Output;

/// <summary>A path at which something isn't as a version says.</summary>
public sealed class ArtifactFinding
{
    internal ArtifactFinding(Finding finding, string artifact)
    {
        Path = finding.Path;
        Problem = finding.Kind;
        Message = finding.Message;
        Artifact = artifact;
        Digest = finding.Entry?.Digest?.ToString();
        Size = finding.Entry?.Size;
    }

    /// <summary>The path within the artifact or the folder.</summary>
    public string Path { get; }

    public FindingKind Problem { get; }

    /// <summary>What was found, in words.</summary>
    public string Message { get; }

    /// <summary>What the version says; null for something extra.</summary>
    public string? Digest { get; }

    /// <summary>What the version says, in bytes; null for something extra.</summary>
    public long? Size { get; }

    /// <summary>The version, <c>mnist:v3</c>.</summary>
    public string Artifact { get; }

    /// <inheritdoc/>
    public override string ToString() => $"{Problem}: {Path}";
}
