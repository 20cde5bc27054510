namespace ArtifactsPS.Core.Storage;

/// <summary>
/// Keys and bytes, where a key is written once and never changed. Everything else is built above this.
/// <para>Keys are relative paths with <c>/</c>, of letters, digits and <c>_ - .</c>. Failures of the medium are
/// <see cref="StoreUnavailableException"/> and <see cref="StoreFullException"/>.</para>
/// </summary>
public interface IObjectStore
{
    /// <summary>Where the store is, as a user writes it. Holds no secrets.</summary>
    string Location { get; }

    /// <summary>Creates a key with its whole value, or does nothing if the key exists. Durable once it returns.</summary>
    /// <returns>True when this call created the key; of many racing calls exactly one gets true.</returns>
    Task<bool> TryCreateAsync(string key, ReadOnlyMemory<byte> value, CancellationToken cancellationToken);

    /// <summary>Opens a key's bytes from an offset.</summary>
    /// <param name="key">The key.</param>
    /// <param name="offset">In bytes from the beginning.</param>
    /// <param name="length">How many bytes at the most; null for all to the end. The stream ends early where the value does.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>A stream that the caller disposes, or null when there is no such key.</returns>
    Task<Stream?> OpenReadAsync(string key, long offset, long? length, CancellationToken cancellationToken);

    /// <summary>Whether there is a key.</summary>
    Task<bool> ExistsAsync(string key, CancellationToken cancellationToken);

    /// <summary>Lists all keys below a folder prefix (empty, or ending in <c>/</c>), at any depth, in no order.</summary>
    IAsyncEnumerable<StoredKey> ListAsync(string prefix, CancellationToken cancellationToken);

    /// <summary>Lists the names of the folders directly below a folder prefix, in no order.</summary>
    IAsyncEnumerable<string> ListFoldersAsync(string prefix, CancellationToken cancellationToken);

    /// <summary>Deletes a key.</summary>
    /// <returns>False when there was no such key.</returns>
    Task<bool> DeleteAsync(string key, CancellationToken cancellationToken);

    /// <summary>Makes a key as young as one created now, so that a clean-up leaves it alone.</summary>
    /// <returns>False when there is no such key.</returns>
    Task<bool> TouchAsync(string key, CancellationToken cancellationToken);

    /// <summary>Begins a value of unknown length and name.</summary>
    Task<IStagedObject> StageAsync(CancellationToken cancellationToken);
}

/// <summary>A key as a listing shows it.</summary>
/// <param name="Key">The whole key.</param>
/// <param name="Length">In bytes.</param>
/// <param name="LastModified">When it was created or last touched (UTC).</param>
public readonly record struct StoredKey(string Key, long Length, DateTimeOffset LastModified);

/// <summary>Bytes on their way into a store: a key once committed, nothing if disposed before.</summary>
public interface IStagedObject : IAsyncDisposable
{
    /// <summary>Appends bytes. Not for concurrent callers.</summary>
    ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken);

    /// <summary>Makes what was written durable under a key, unless the key exists.</summary>
    /// <returns>True when this call created the key.</returns>
    ValueTask<bool> CommitAsync(string key, CancellationToken cancellationToken);
}
