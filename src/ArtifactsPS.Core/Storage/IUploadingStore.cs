namespace ArtifactsPS.Core.Storage;

/// <summary>A store that takes a value while it comes, without keeping all of it anywhere in between.</summary>
public interface IUploadingStore
{
    /// <summary>Creates a key that is the digest of its bytes, in parts that travel side by side. Holds a bounded number of
    /// parts in memory, for all callers together.</summary>
    /// <param name="key">The key. One that exists may be overwritten by the same bytes.</param>
    /// <param name="read">Fills a buffer's beginning with the next bytes and says how many; 0 at the end. If it throws, nothing
    /// is created. Not called again before it has ended.</param>
    /// <param name="cancellationToken">Stops the call; then nothing is created, unless it was just about to be.</param>
    /// <returns>True when this call created the key; false when it was found to exist.</returns>
    Task<bool> UploadAsync(
        string key,
        Func<Memory<byte>, CancellationToken, ValueTask<int>> read,
        CancellationToken cancellationToken
    );
}
