using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Content.Blobs;

namespace ArtifactsPS.Core.Maintenance.Cleanup;

/// <summary>Items of one kind that a clean-up deleted, or would delete.</summary>
public sealed record StoreCleanup
{
    private const int MaxItems = 100;

    public required StoreCleanupKind Kind { get; init; }

    public long Count { get; private set; }

    /// <summary>Total length in bytes; 0 for versions, whose content is deleted as objects.</summary>
    public long Bytes { get; private set; }

    /// <summary>The first items: versions such as <c>mnist:v3</c>, or keys.</summary>
    public IReadOnlyList<string> Items => _items;

    /// <summary>Location of the store.</summary>
    public required string Store { get; init; }

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"{Kind}: {Count}");

    private readonly List<string> _items = [];

    internal void Add(string item, long bytes)
    {
        // Called by several threads.
        lock (_items)
        {
            Count++;
            Bytes += bytes;
            if (_items.Count < MaxItems)
                _items.Add(item);
        }
    }
}

/// <summary>Kind of items that a clean-up deletes.</summary>
public enum StoreCleanupKind
{
    /// <summary>Expired versions.</summary>
    ExpiredVersions,

    /// <summary>Packs with little needed content, which is copied to new packs. Small packs are merged. The old packs are condemned by
    /// the next clean-up.</summary>
    RewrittenPacks,

    /// <summary>Objects that nothing needs. They are condemned: moved to the trash, and purged by a later clean-up.</summary>
    Objects,

    /// <summary>Objects that were condemned before the grace period, and that nothing needs. They are deleted.</summary>
    CondemnedObjects,

    /// <summary>Staged files of killed writers.</summary>
    StagedFiles,

    /// <summary>Damaged objects that were moved aside, and are unneeded or stored again.</summary>
    DamagedObjects,

    /// <summary>Segments of the index of content, which are merged to one.</summary>
    IndexSegments,

    /// <summary>Records of long logs, which are moved to segments. A later clean-up deletes the single records.</summary>
    LogRecords,
}
