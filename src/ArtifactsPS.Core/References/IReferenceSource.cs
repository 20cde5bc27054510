using ArtifactsPS.Core.Storage.Kinds;
using ArtifactsPS.Core.Storage.Remote;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.References;

/// <summary>
/// Single requests to a service that has the targets of references. Each call sends one request once; Core adds retries,
/// time limits and the checks of what was read. Safe for concurrent callers.
/// <para>Calls fail with <see cref="BucketException"/>, <see cref="TargetDeniedException"/> or
/// <see cref="OperationCanceledException"/>.</para>
/// </summary>
/// <remarks>Members use only types of the framework and of Core, because implementations are loaded apart.</remarks>
public interface IReferenceSource : IDisposable
{
    /// <summary>Describes a target.</summary>
    /// <param name="uri">Absolute URI.</param>
    /// <param name="versionId">Version of the target; null for the current one.</param>
    /// <returns>Null if the target is missing.</returns>
    Task<TargetProperties?> ProbeAsync(string uri, string? versionId, CancellationToken cancellationToken);

    /// <summary>Opens the bytes of a target.</summary>
    /// <param name="uri">Absolute URI.</param>
    /// <param name="versionId">Version of the target; null for the current one.</param>
    /// <param name="offset">Offset in bytes.</param>
    /// <returns>Null if the target is missing.</returns>
    Task<TargetRead?> OpenAsync(string uri, string? versionId, long offset, CancellationToken cancellationToken);

    /// <summary>Lists a page of the targets below a prefix, in ordinal order of their keys.</summary>
    /// <param name="uri">Absolute URI whose path is the prefix of the keys.</param>
    /// <param name="listing">Part to list.</param>
    /// <returns>Null if the service can't list targets, or not from <see cref="TargetListing.After"/>.</returns>
    Task<TargetPage?> ListAsync(string uri, TargetListing listing, CancellationToken cancellationToken);
}

/// <summary>Kind of store whose service also has targets of references: the type that implements
/// <see cref="IStoreKind"/> implements this too. The schemes are those of its locations.</summary>
public interface IReferenceKind
{
    /// <summary>Opens the service that a URI names. Sends no request yet. Works without credentials, for public data.</summary>
    /// <param name="uri">Absolute URI without secrets.</param>
    /// <param name="access">Credential and time limit.</param>
    /// <exception cref="InvalidReferenceException">The URI is invalid for this kind.</exception>
    IReferenceSource OpenReferences(string uri, StoreAccess access);

    /// <summary>Part of a URI that decides which service and bucket it names. Targets with an equal part share one source.</summary>
    /// <exception cref="InvalidReferenceException">The URI is invalid for this kind.</exception>
    string ServiceOf(string uri);
}

/// <summary>Part of a listing.</summary>
public sealed record TargetListing
{
    /// <summary>True to list only what is directly below the prefix: targets, and prefixes that end in <c>/</c>.</summary>
    public bool Folders { get; init; }

    /// <summary>Key after the prefix, unescaped: only later keys are listed. Null to list all. Several parts of a listing
    /// can be requested at a time.</summary>
    public string? After { get; init; }

    /// <summary>Continuation of the page before; null for the first page.</summary>
    public string? Continuation { get; init; }
}

/// <summary>Prefix found directly below a prefix.</summary>
/// <param name="Uri">Absolute URI.</param>
/// <param name="RelativePath">Key after the prefix, unescaped; ends in <c>/</c>.</param>
public sealed record TargetFolder(string Uri, string RelativePath);

/// <summary>Target found below a prefix.</summary>
/// <param name="Uri">Absolute URI.</param>
/// <param name="RelativePath">Key after the prefix, unescaped.</param>
/// <param name="Properties">Properties from the listing.</param>
public sealed record ListedTarget(string Uri, string RelativePath, TargetProperties Properties);

/// <summary>Page of a listing.</summary>
public sealed record TargetPage
{
    /// <summary>Targets in ordinal order of their keys.</summary>
    public required IReadOnlyList<ListedTarget> Targets { get; init; }

    /// <summary>Prefixes directly below, in ordinal order; empty unless folders were asked for.</summary>
    public IReadOnlyList<TargetFolder> Folders { get; init; } = [];

    /// <summary>Continuation for the next page; null after the last one.</summary>
    public string? Continuation { get; init; }

    /// <summary>Last key of the page after the prefix, unescaped, which may be none of its targets. Null for the last of its
    /// targets.</summary>
    public string? Last { get; init; }
}

/// <summary>Bytes of a target from an offset to its end.</summary>
public sealed class TargetRead
{
    /// <summary>The bytes; owned by the caller.</summary>
    public required Stream Stream { get; init; }

    /// <summary>Properties of the target that the bytes belong to.</summary>
    public required TargetProperties Properties { get; init; }

    /// <summary>Offset of the first byte. 0 where the service ignored the offset and sends all bytes.</summary>
    public required long Offset { get; init; }
}

/// <summary>The service does not let this user read a target.</summary>
/// <param name="what">Reason and advice, with a full stop. It has no secrets.</param>
public sealed class TargetDeniedException(string what) : Exception(what);
