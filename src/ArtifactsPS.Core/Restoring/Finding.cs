using ArtifactsPS.Core.Manifests;

namespace ArtifactsPS.Core.Restoring;

/// <summary>What a check found.</summary>
public enum FindingKind
{
    /// <summary>The version has it, the folder or store hasn't.</summary>
    Missing,

    /// <summary>It is not what the version says.</summary>
    Changed,

    /// <summary>The folder has it, the version hasn't.</summary>
    Extra,

    /// <summary>It can't be read.</summary>
    Unreadable,
}

/// <summary>A path at which something isn't as a version says.</summary>
/// <param name="Path">The path within the artifact or folder.</param>
/// <param name="Kind">What is wrong.</param>
/// <param name="Entry">What the version says; null for something extra.</param>
/// <param name="Message">What was found, in words.</param>
public sealed record Finding(string Path, FindingKind Kind, ManifestEntry? Entry, string Message);
