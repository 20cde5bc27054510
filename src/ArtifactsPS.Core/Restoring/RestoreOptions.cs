using ArtifactsPS.Core.Manifests;

namespace ArtifactsPS.Core.Restoring;

/// <summary>What to restore, and what may give way.</summary>
public sealed record RestoreOptions
{
    /// <summary>Which entries.</summary>
    public EntrySelector Selector { get; init; } = EntrySelector.All;

    /// <summary>Whether to remove what isn't in the version.</summary>
    public bool Clean { get; init; }

    /// <summary>Whether a folder or link may be replaced where a file belongs, and a file or link where a folder does.</summary>
    public bool Force { get; init; }

    internal bool MayReplace => Clean || Force;
}
