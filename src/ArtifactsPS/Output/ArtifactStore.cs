namespace ArtifactsPS.Output;

/// <summary>A place where artifacts are kept.</summary>
public sealed class ArtifactStore
{
    /// <summary>The name it is registered by; null if it isn't.</summary>
    public string? Name { get; internal init; }

    /// <summary>A folder's path, or a URI.</summary>
    public required string Location { get; init; }

    /// <summary>Drawn when the store was made; null where it can't be reached.</summary>
    public string? Id { get; internal init; }

    /// <summary>Whether commands use it when no store is named.</summary>
    public bool IsDefault { get; internal init; }

    /// <summary>How many artifacts it has; null where it was not counted.</summary>
    public int? Artifacts { get; internal init; }

    /// <summary>How many objects it has; null where it was not counted.</summary>
    public long? Objects { get; internal init; }

    /// <summary>What all its keys come to, in bytes; null where it was not counted.</summary>
    public long? Bytes { get; internal init; }

    /// <inheritdoc/>
    public override string ToString() => Name ?? Location;
}
