using ArtifactsPS.Core.Restoring;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Output;

/// <summary>A difference between a version and the files that were checked.</summary>
public sealed class ArtifactFinding
{
    internal ArtifactFinding(VerificationFinding finding, string artifact)
    {
        EntryPath = finding.Path;
        Problem = finding.Kind;
        Message = finding.Message;
        Artifact = artifact;
        Digest = finding.Entry?.Digest?.ToString();
        Size = finding.Entry?.Size;
    }

    /// <summary>The path within the artifact or the folder.</summary>
    public string EntryPath { get; }

    /// <inheritdoc cref="ItemPath"/>
    public string PSPath => ItemPath.OfNone("finding", EntryPath);

    public VerificationFindingKind Problem { get; }

    /// <summary>Description of the problem.</summary>
    public string Message { get; }

    /// <summary>Digest in the version; null for an extra file.</summary>
    public string? Digest { get; }

    /// <summary>Size in the version, in bytes; null for an extra file.</summary>
    public long? Size { get; }

    /// <summary>The version, <c>mnist:v3</c>.</summary>
    public string Artifact { get; }

    /// <inheritdoc/>
    public override string ToString() => $"{Problem}: {EntryPath}";
}
