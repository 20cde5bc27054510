namespace ArtifactsPS.Core.Storage;

/// <summary>A store whose service may keep older values of keys.</summary>
public interface IVersionedStore
{
    /// <summary>Lists the values of the keys below a folder prefix that the service keeps, also of deleted keys. Values of one key
    /// are in sequence, the newest first. Empty if the service keeps none, or this user may not list them.</summary>
    IAsyncEnumerable<KeptValue> ListVersionsAsync(string prefix, CancellationToken cancellationToken);

    /// <summary>Opens a value of a key; null if the service does not keep it any more.</summary>
    Task<Stream?> OpenVersionAsync(KeptValue version, CancellationToken cancellationToken);

    /// <summary>Makes a value the current one of a key, whatever the key has now.</summary>
    Task ReplaceAsync(string key, ReadOnlyMemory<byte> value, CancellationToken cancellationToken);
}

/// <summary>A value of a key.</summary>
/// <param name="Version">Id that the service gave the value.</param>
/// <param name="IsCurrent">Whether the key has this value now.</param>
public sealed record KeptValue(string Key, string Version, bool IsCurrent);
