using ArtifactsPS.Core.Manifests;

namespace ArtifactsPS.Core.Restoring;

/// <summary>Entries to restore, and files that may be replaced.</summary>
public sealed record RestoreOptions
{
    /// <summary>Entries to restore.</summary>
    public EntrySelector Selector { get; init; } = EntrySelector.All;

    /// <summary>Whether to remove files that are not in the version.</summary>
    public bool Clean { get; init; }

    /// <summary>Whether folders and links may be replaced by files, and files and links by folders.</summary>
    public bool Force { get; init; }

    internal bool MayReplace => Clean || Force;
}
