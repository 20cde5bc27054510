namespace ArtifactsPS.Core.Storage.Remote;

/// <summary>Requests to a service that may keep older values of keys. See <see cref="IBucket"/>.</summary>
public interface IVersionedBucket
{
    /// <summary>Lists a page of the values below a prefix that the service keeps. Values of one key are in sequence, the newest
    /// first.</summary>
    /// <param name="continuation">Continuation of the page before; null for the first page.</param>
    Task<BucketVersions> ListVersionsAsync(string prefix, string? continuation, CancellationToken cancellationToken);

    /// <summary>Opens a value; null if the service does not keep it.</summary>
    Task<BucketRead?> OpenVersionAsync(string key, string version, CancellationToken cancellationToken);
}

/// <summary>A page of values of keys.</summary>
public sealed class BucketVersions
{
    public IReadOnlyList<KeptValue> Versions { get; init; } = [];

    /// <summary>Continuation for the next page; null after the last.</summary>
    public string? Continuation { get; init; }
}
