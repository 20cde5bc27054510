using ArtifactsPS.Core.Drafts;
using ArtifactsPS.Core.Manifests;

namespace ArtifactsPS.Core.Restoring;

/// <summary>Result of a restore for one entry, or for one file or folder that is not in the version.</summary>
public abstract record RestoreResult
{
    private RestoreResult() { }

    /// <summary>A file matches the version now, whether it was written or not.</summary>
    /// <param name="Path">Full path of the file.</param>
    public sealed record Restored(string Path) : RestoreResult;

    /// <summary>A file or link was replaced, because it differed from the version.</summary>
    /// <param name="Path">Full path of the file.</param>
    public sealed record Replaced(string Path) : RestoreResult;

    /// <summary>A file, link or empty folder was removed, because it is not in the version.</summary>
    /// <param name="Path">Full path of the file or folder.</param>
    public sealed record Removed(string Path) : RestoreResult;

    /// <summary>A reference was not restored, because its target is not a file.</summary>
    /// <param name="Entry">The reference.</param>
    public sealed record Skipped(ManifestEntry Entry) : RestoreResult;

    /// <summary>An entry could not be restored.</summary>
    /// <param name="Failure">Path of the entry, and the reason.</param>
    public sealed record Failed(ItemFailure Failure) : RestoreResult;
}
