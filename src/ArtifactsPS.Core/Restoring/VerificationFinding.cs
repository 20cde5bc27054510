using ArtifactsPS.Core.Manifests;

namespace ArtifactsPS.Core.Restoring;

/// <summary>Kind of a difference between a version and a folder or store.</summary>
public enum VerificationFindingKind
{
    /// <summary>It is in the version, but not in the folder or store.</summary>
    Missing,

    /// <summary>It differs from the version.</summary>
    Changed,

    /// <summary>It is in the folder, but not in the version.</summary>
    Extra,

    /// <summary>It can't be read.</summary>
    Unreadable,

    /// <summary>The version has no valid signature by a trusted signer.</summary>
    SignatureInvalid,
}

/// <summary>Difference between a version and a folder or store at one path.</summary>
/// <param name="Path">The path within the artifact or folder.</param>
/// <param name="Kind">What is wrong.</param>
/// <param name="Entry">What the version says; null for something extra.</param>
/// <param name="Message">What was found, in words.</param>
public sealed record VerificationFinding(
    string Path,
    VerificationFindingKind Kind,
    ManifestEntry? Entry,
    string Message
);
