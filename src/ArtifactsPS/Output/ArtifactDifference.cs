using ArtifactsPS.Core.Manifests;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Output;

/// <summary>Kind of difference between two versions at a path.</summary>
public enum ArtifactChange
{
    /// <summary>Only the difference has it.</summary>
    Added,

    /// <summary>Only the reference has it.</summary>
    Removed,

    /// <summary>Both have it, with other content, executable bit or URI.</summary>
    Modified,
}

/// <summary>A path at which two versions differ.</summary>
public sealed class ArtifactDifference
{
    internal ArtifactDifference(EntryDifference found, string referenceName, string differenceName)
    {
        var (reference, other) = found;
        Reference = referenceName;
        Difference = differenceName;
        EntryPath = found.Path.ToString();
        Change =
            reference is null ? ArtifactChange.Added
            : other is null ? ArtifactChange.Removed
            : ArtifactChange.Modified;
        ReferenceSize = reference?.Size;
        DifferenceSize = other?.Size;
        ReferenceDigest = reference?.Digest?.ToString();
        DifferenceDigest = other?.Digest?.ToString();
        ReferenceETag = reference?.Target?.ETag;
        DifferenceETag = other?.Target?.ETag;
        ReferenceVersionId = reference?.Target?.VersionId;
        DifferenceVersionId = other?.Target?.VersionId;
        ReferenceExecutable = reference?.Executable;
        DifferenceExecutable = other?.Executable;
        OnlyExecutableDiffers =
            reference is { Uri: null } && other is { Uri: null } && reference.Digest == other.Digest;
    }

    /// <summary>Segments joined by <c>/</c>.</summary>
    public string EntryPath { get; }

    /// <inheritdoc cref="ItemPath"/>
    public string PSPath => ItemPath.OfNone("difference", EntryPath);

    public ArtifactChange Change { get; }

    /// <summary>The version or draft compared with.</summary>
    public string Reference { get; }

    /// <summary>The compared version, draft or folder.</summary>
    public string Difference { get; }

    /// <summary>Size in bytes; null if the path isn't in the reference version.</summary>
    public long? ReferenceSize { get; }

    /// <summary>Size in bytes; null if the path isn't in the difference version.</summary>
    public long? DifferenceSize { get; }

    public string? ReferenceDigest { get; }

    public string? DifferenceDigest { get; }

    /// <summary>ETag of the target that the entry of the reference version refers to; null without one.</summary>
    public string? ReferenceETag { get; }

    /// <summary>ETag of the target that the entry of the difference version refers to; null without one.</summary>
    public string? DifferenceETag { get; }

    /// <summary>Version of the target that the entry of the reference version refers to; null without one.</summary>
    public string? ReferenceVersionId { get; }

    /// <summary>Version of the target that the entry of the difference version refers to; null without one.</summary>
    public string? DifferenceVersionId { get; }

    /// <summary>Whether the file is executable; null if the path isn't in the reference version.</summary>
    public bool? ReferenceExecutable { get; }

    /// <summary>Whether the file is executable; null if the path isn't in the difference version.</summary>
    public bool? DifferenceExecutable { get; }

    /// <summary>Whether the content is equal, and only the executable bit differs.</summary>
    public bool OnlyExecutableDiffers { get; }

    /// <summary>Explanation of a difference in the executable bit alone; null for other differences.</summary>
    public string? Detail =>
        !OnlyExecutableDiffers ? null
        : DifferenceExecutable == true ? "now executable"
        : "no longer executable";

    /// <inheritdoc/>
    public override string ToString() =>
        Detail is null ? $"{Change}: {EntryPath}" : $"{Change}: {EntryPath} ({Detail})";
}
