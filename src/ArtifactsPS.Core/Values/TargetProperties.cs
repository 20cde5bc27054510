namespace ArtifactsPS.Core.Values;

/// <summary>Properties of a reference's target, as its service reports them without reading the content.</summary>
public sealed record TargetProperties
{
    /// <summary>Properties of a target that was not probed.</summary>
    public static TargetProperties Unknown { get; } = new();

    /// <summary>Size in bytes; null where the service does not report it.</summary>
    public long? Size { get; init; }

    /// <summary>ETag without its quotes; a weak one begins with <c>W/</c>. Null where the service reports none.</summary>
    public string? ETag { get; init; }

    /// <summary>Id of this version of the target; null where the service keeps no versions.</summary>
    public string? VersionId { get; init; }

    /// <summary>Time of the last change in whole seconds, UTC. Null where there is an ETag, or the service reports no time.</summary>
    public DateTimeOffset? LastModified { get; init; }
}
