using ArtifactsPS.Core.Drafts;
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

    /// <summary>Content of references.</summary>
    public ReferencedContent References { get; init; } = ReferencedContent.OfFiles;

    /// <summary>Whether references are left out.</summary>
    public bool SkipsReferences { get; init; }

    /// <summary>Whether each restored file is a result. Otherwise only the progress counts it: to wake another thread for a file
    /// takes as long as to create the file.</summary>
    public bool ListsRestored { get; init; } = true;

    /// <summary>Whether an entry is restored: a file, or a reference whose target can be read.</summary>
    internal bool Restores(ManifestEntry entry) => entry.Uri is null || !SkipsReferences && References.CanRead(entry);

    internal bool MayReplace => Clean || Force;
}
