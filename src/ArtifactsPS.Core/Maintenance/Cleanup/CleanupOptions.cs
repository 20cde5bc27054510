using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Maintenance.Cleanup;

/// <summary>How to clean up a store.</summary>
public sealed record CleanupOptions
{
    /// <summary>Objects that were created within it are kept, and so are objects that were condemned within it. The store's clock
    /// decides. No committed version depends on it: a longer period makes it less likely that a writer has to store content
    /// again, and keeps removed versions restorable for longer.</summary>
    public TimeSpan GracePeriod { get; init; } = TimeSpan.FromHours(24);

    /// <summary>Whether to rewrite packs of which less than half is needed, and to merge small packs.</summary>
    public bool RewritesPacks { get; init; }

    /// <summary>Whether to clean up although most objects seem unneeded, and to purge what interrupted clean-ups of a bucket have
    /// condemned. No other clean-up may run then.</summary>
    public bool IsForced { get; init; }

    /// <summary>Id of the run that cleans up; null for none.</summary>
    public RunId? RunId { get; init; }
}
