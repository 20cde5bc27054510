using ArtifactsPS.Core.Content.Compression;

namespace ArtifactsPS.Output;

/// <summary>A store of artifacts, with its registration and totals.</summary>
public sealed class ArtifactStore
{
    /// <summary>Name of the registration; null if the store isn't registered.</summary>
    public string? Name { get; internal init; }

    /// <summary>A folder's path, or a URI.</summary>
    public required string Location { get; init; }

    /// <summary>Unique id of the store; null if the store can't be reached.</summary>
    public string? Id { get; internal init; }

    /// <summary>Whether commands use this store if none is named.</summary>
    public bool IsDefault { get; internal init; }

    /// <summary>Number of artifacts; null if not counted.</summary>
    public int? Artifacts { get; internal init; }

    /// <summary>Number of objects; null if not counted.</summary>
    public long? Objects { get; internal init; }

    /// <summary>Total size of all keys as they are stored, in bytes; null if not counted.</summary>
    public long? Bytes { get; internal init; }

    /// <summary>Total size of the files of all versions before compression, in bytes; null if not counted. Content that versions
    /// share is stored once, but counts for each of them here.</summary>
    public long? VersionBytes { get; internal init; }

    /// <summary>Compression of new content; null if the store can't be reached.</summary>
    public StoreCompression? Compression { get; internal init; }

    /// <inheritdoc cref="ItemPath"/>
    public string PSPath => ItemPath.Of(Location);

    /// <inheritdoc cref="ItemPath.TextOf"/>
    public override string ToString() => ItemPath.TextOf(ItemPath.Store, Name ?? Location);
}
