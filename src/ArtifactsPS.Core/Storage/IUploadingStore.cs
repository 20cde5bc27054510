namespace ArtifactsPS.Core.Storage;

/// <summary>A store that accepts a value while it is produced, without a temporary copy of all of it.</summary>
public interface IUploadingStore
{
    /// <summary>Creates a key that is the digest of its bytes. Parts are sent in parallel; a bounded number is in memory, for
    /// all callers together.</summary>
    /// <param name="key">The key. An existing key may be overwritten with the same bytes.</param>
    /// <param name="read">Copies the next bytes into a buffer and returns their number; 0 at the end. If it throws, nothing is
    /// created. Calls don't overlap.</param>
    /// <param name="cancellationToken">Cancels the upload. The key may still be created if the upload was about to end.</param>
    /// <returns>True if this call created the key; false if it existed.</returns>
    Task<bool> UploadAsync(
        string key,
        Func<Memory<byte>, CancellationToken, ValueTask<int>> read,
        CancellationToken cancellationToken
    );
}
