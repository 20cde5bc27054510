namespace ArtifactsPS.Core.Storage;

/// <summary>
/// Keys and bytes. A key is written once and never changes.
/// <para>Keys are relative paths with <c>/</c>. They have ASCII letters, digits and <c>_ - .</c>. Failures of the medium are
/// reported as <see cref="StoreUnavailableException"/> and <see cref="StoreFullException"/>.</para>
/// </summary>
public interface IObjectStore
{
    /// <summary>Location of the store, as a user writes it. It has no secrets.</summary>
    string Location { get; }

    /// <summary>Creates a key with its whole value, unless the key exists. The value is durable when the call returns.
    /// An existing object of another length is damaged, and is replaced.</summary>
    /// <returns>True if this call created the key. Of concurrent calls for one key, exactly one returns true.</returns>
    Task<bool> TryCreateAsync(string key, ReadOnlyMemory<byte> value, CancellationToken cancellationToken);

    /// <summary>Opens the bytes of a key from an offset.</summary>
    /// <param name="key">The key.</param>
    /// <param name="offset">Offset in bytes.</param>
    /// <param name="length">Largest number of bytes; null for all to the end. A shorter value ends the stream early.</param>
    /// <returns>A stream that the caller disposes, or null if the key is missing.</returns>
    Task<Stream?> OpenReadAsync(string key, long offset, long? length, CancellationToken cancellationToken);

    /// <summary>Whether a key exists.</summary>
    Task<bool> ExistsAsync(string key, CancellationToken cancellationToken);

    /// <summary>Length of a key's value in bytes.</summary>
    /// <returns>Null if the key is missing.</returns>
    Task<long?> GetLengthAsync(string key, CancellationToken cancellationToken);

    /// <summary>Lists the keys below a folder prefix, at any depth, in no order.</summary>
    /// <param name="prefix">The folder: empty, or ending in <c>/</c>.</param>
    /// <param name="after">Only keys greater than this one in ordinal order are listed; null for all.</param>
    IAsyncEnumerable<StoredKey> ListAsync(string prefix, string? after, CancellationToken cancellationToken);

    /// <summary>Lists the names of the folders directly below a folder prefix, in no order.</summary>
    IAsyncEnumerable<string> ListFoldersAsync(string prefix, CancellationToken cancellationToken);

    /// <summary>Deletes a key.</summary>
    /// <returns>False if the key was missing.</returns>
    Task<bool> DeleteAsync(string key, CancellationToken cancellationToken);

    /// <summary>Whether a move is one step: at any moment, and after a crash, the value has at least one of both keys.
    /// Otherwise a move is a copy and then a deletion. Two opposite moves at the same time can then delete both keys.</summary>
    bool MovesAtomically { get; }

    /// <summary>Moves a value to another key, which never has a partial value. Both keys are named by the digest of the
    /// value, so that an existing target has the same value.</summary>
    /// <param name="key">The key. It is missing after the call.</param>
    /// <param name="target">The new key. It is durable when the call returns. Its time may be the time of the old key.</param>
    /// <returns>False if the key was missing.</returns>
    Task<bool> TryMoveAsync(string key, string target, CancellationToken cancellationToken);

    /// <summary>Copies a value to another key, which never has a partial value.</summary>
    /// <inheritdoc cref="TryMoveAsync" path="/param"/>
    /// <returns>False if the key was missing.</returns>
    Task<bool> TryCopyAsync(string key, string target, CancellationToken cancellationToken);

    /// <summary>Current time (UTC), by the clock that gives keys their times.</summary>
    Task<DateTimeOffset> GetTimeAsync(CancellationToken cancellationToken);

    /// <summary>Starts a value of unknown length and key.</summary>
    Task<IStagedObject> StageAsync(CancellationToken cancellationToken);
}

/// <summary>Listings of whole folders.</summary>
public static class ObjectStoreListing
{
    /// <summary>Lists all keys below a folder prefix (empty, or ending in <c>/</c>), at any depth, in no order.</summary>
    public static IAsyncEnumerable<StoredKey> ListAsync(
        this IObjectStore store,
        string prefix,
        CancellationToken cancellationToken
    ) => store.ListAsync(prefix, after: null, cancellationToken);
}

/// <summary>Key in a listing.</summary>
/// <param name="Length">Length in bytes.</param>
/// <param name="LastModified">Time of creation (UTC), by the store's clock.</param>
public readonly record struct StoredKey(string Key, long Length, DateTimeOffset LastModified);

/// <summary>Bytes that are written to a store. Committing creates a key; disposing without committing leaves nothing.</summary>
public interface IStagedObject : IAsyncDisposable
{
    /// <summary>Appends bytes. Not safe for concurrent callers.</summary>
    ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken);

    /// <summary>Creates a key with the written bytes, unless the key exists. The key is durable when the call returns.
    /// An existing object of another length is damaged, and is replaced.</summary>
    /// <returns>True if this call created the key.</returns>
    ValueTask<bool> CommitAsync(string key, CancellationToken cancellationToken);
}
