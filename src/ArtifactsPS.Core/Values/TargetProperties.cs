namespace ArtifactsPS.Core.Values;

/// <summary>Properties of a reference's target, as its service reports them without reading the content.</summary>
public sealed record TargetProperties
{
    // Other readers of JSON are exact up to here. A thousand references of this size don't exceed a total of 63 bits.
    private const long MaxSize = (1L << 53) - 1;
    private const int MaxTextLength = 1024;

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

    /// <summary>Whether a text can be an ETag or a version id.</summary>
    public static bool IsText(string text) => FaultOf("text", text) is null;

    /// <summary>Whether the properties show that a target is still the same.</summary>
    public bool HasIdentity => ETag is not null || VersionId is not null || LastModified is not null;

    /// <summary>Finds out whether the target has changed. A property that only one of the two has shows nothing.</summary>
    /// <param name="now">Properties of the same target at another time.</param>
    /// <returns>Words such as "size is 5, not 4"; null if nothing differs.</returns>
    public string? DifferenceTo(TargetProperties now) =>
        Differ(VersionId, now.VersionId) ? $"version is '{now.VersionId}', not '{VersionId}'"
        : Differ(Size, now.Size) ? $"size is {now.Size}, not {Size}"
        : Differ(Opaque(ETag), Opaque(now.ETag)) ? $"ETag is '{now.ETag}', not '{ETag}'"
        : Differ(LastModified, now.LastModified)
            ? $"time is {Timestamp.Format(now.LastModified!.Value)}, not {Timestamp.Format(LastModified!.Value)}"
        : null;

    /// <summary>Checks the properties before they are recorded.</summary>
    /// <param name="uri">URI of the target, for messages.</param>
    /// <exception cref="InvalidReferenceException">A property is out of range.</exception>
    internal TargetProperties Checked(string uri) =>
        Size is < 0 or > MaxSize
            ? throw new InvalidReferenceException(uri, $"Its size, {Size}, is out of range. Use 0 to {MaxSize} bytes")
        : FaultOf("ETag", ETag) is { } fault ? throw new InvalidReferenceException(uri, fault)
        : FaultOf("version id", VersionId) is { } other ? throw new InvalidReferenceException(uri, other)
        : LastModified is not { } time ? this
        : this with { LastModified = DateTimeOffset.FromUnixTimeSeconds(time.ToUnixTimeSeconds()) };

    private static string? FaultOf(string name, string? text) =>
        text is null ? null
        : text.Length is 0 or > MaxTextLength ? $"Its {name} must have 1 to {MaxTextLength} characters"
        : ReferenceUri.TextFault(text) is { } fault ? $"Its {name} is invalid. {fault}"
        : null;

    // Servers weaken an ETag for another encoding of the same content.
    private static string? Opaque(string? etag) =>
        etag?.StartsWith("W/", StringComparison.Ordinal) == true ? etag.Substring(2) : etag;

    private static bool Differ<T>(T? one, T? other) =>
        one is not null && other is not null && !EqualityComparer<T>.Default.Equals(one, other);
}
