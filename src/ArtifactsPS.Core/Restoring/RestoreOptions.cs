using ArtifactsPS.Core.Manifests;

namespace ArtifactsPS.Core.Restoring;

/// <summary>Entries to restore, and files that may be replaced.</summary>
public sealed record RestoreOptions
{
    /// <summary>Entries to restore: those that at least one selector selects.</summary>
    public IReadOnlyList<EntrySelector> Selectors { get; init; } = [EntrySelector.All];

    /// <summary>The only selector.</summary>
    public EntrySelector Selector
    {
        init => Selectors = [value];
    }

    /// <summary>Whether to remove files that are not in the version.</summary>
    public bool Clean { get; init; }

    /// <summary>Whether folders and links may be replaced by files, and files and links by folders.</summary>
    public bool Force { get; init; }

    /// <summary>Whether nothing is restored if a file in the destination would be replaced or removed.</summary>
    public bool NoClobber { get; init; }

    internal bool MayReplace => Clean || Force;
}
