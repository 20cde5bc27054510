using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Content.Blobs;

namespace ArtifactsPS.Core.Maintenance.Cleanup;

/// <summary>What a clean-up did away with, or would.</summary>
public sealed record StoreCleanup
{
    private const int KeptItems = 100;

    public required StoreCleanupKind Kind { get; init; }

    public long Count { get; private set; }

    /// <summary>What it comes to, in bytes; of versions 0, since their content goes as objects.</summary>
    public long Bytes { get; private set; }

    /// <summary>The first of them: versions such as <c>mnist:v3</c>, or keys.</summary>
    public IReadOnlyList<string> Items => _items;

    /// <summary>The store's location.</summary>
    public required string Store { get; init; }

    private readonly List<string> _items = [];

    internal void Add(string item, long bytes)
    {
        // Told by several threads.
        lock (_items)
        {
            Count++;
            Bytes += bytes;
            if (_items.Count < KeptItems)
                _items.Add(item);
        }
    }
}

/// <summary>What a clean-up does away with.</summary>
public enum StoreCleanupKind
{
    /// <summary>Versions whose time is over.</summary>
    ExpiredVersions,

    /// <summary>Packs of which little is needed: what is needed is stored anew. They themselves are objects that nothing
    /// needs once the grace period is over.</summary>
    RewrittenPacks,

    /// <summary>Objects that nothing needs.</summary>
    Objects,

    /// <summary>What writers that were killed left in staging.</summary>
    StagedFiles,

    /// <summary>Damaged objects that were moved aside, and that nothing needs, or that are there again.</summary>
    DamagedObjects,

    /// <summary>Announcements of clean-ups that were killed.</summary>
    Announcements,
}
