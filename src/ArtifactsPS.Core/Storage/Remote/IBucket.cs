namespace ArtifactsPS.Core.Storage.Remote;

/// <summary>
/// A service of keys and bytes over a network, as single calls: each is one request that is sent once. What a store promises
/// is built above it, in <see cref="BucketObjectStore"/>. Keys are whole, the store's prefix included.
/// <para>All calls fail with <see cref="BucketException"/>, which says whether the request may have been carried out, or
/// with <see cref="OperationCanceledException"/>. Safe for concurrent callers.</para>
/// </summary>
/// <remarks>
/// Types of the framework only: the implementations are loaded apart from Core. A value's <em>writer</em> is a text that is
/// kept beside its bytes, in the key's metadata.
/// </remarks>
public interface IBucket : IDisposable
{
    /// <summary>What the service can take at once.</summary>
    BucketLimits Limits { get; }

    /// <summary>Creates a key, unless it exists.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">Can be read from its beginning, more than once; not owned.</param>
    /// <param name="writer">Kept with the key.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>False when the service said that the key exists, or is being created.</returns>
    Task<bool> TryPutAsync(string key, Stream value, string writer, CancellationToken cancellationToken);

    /// <summary>Asks about a key; null when there is none.</summary>
    Task<BucketKey?> HeadAsync(string key, CancellationToken cancellationToken);

    /// <summary>Opens a key's bytes.</summary>
    /// <param name="key">The key.</param>
    /// <param name="offset">In bytes from the beginning.</param>
    /// <param name="length">How many bytes, at least 1; null for all to the end.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>Null when there is no such key; an empty stream where the value ends before the offset.</returns>
    Task<BucketRead?> OpenAsync(string key, long offset, long? length, CancellationToken cancellationToken);

    /// <summary>Lists a page of keys below a prefix.</summary>
    /// <param name="prefix">What they begin with.</param>
    /// <param name="folders">Only the names of the folders directly below, each ending in <c>/</c>.</param>
    /// <param name="continuation">What the page before said; null for the first.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    Task<BucketPage> ListAsync(string prefix, bool folders, string? continuation, CancellationToken cancellationToken);

    /// <summary>Deletes a key, if it is there.</summary>
    /// <param name="known">The key as it was just now.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>False when it was touched or made anew since, where the service can tell, and is there.</returns>
    Task<bool> DeleteAsync(BucketKey known, CancellationToken cancellationToken);

    /// <summary>Makes a key as young as one created now, with the same bytes and writer.</summary>
    /// <param name="known">The key as it was just now.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>False when there is no such key.</returns>
    Task<bool> TouchAsync(BucketKey known, CancellationToken cancellationToken);

    /// <summary>Begins a value that is sent in parts.</summary>
    /// <returns>What identifies it, for the other calls.</returns>
    Task<string> BeginPartsAsync(string key, string writer, CancellationToken cancellationToken);

    /// <summary>Sends a part; again if need be.</summary>
    /// <param name="key">The key.</param>
    /// <param name="upload">From <see cref="BeginPartsAsync"/>.</param>
    /// <param name="number">From 1 on.</param>
    /// <param name="bytes">Can be read from its beginning, more than once; not owned.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>What <see cref="TryCompletePartsAsync"/> wants to know of it.</returns>
    Task<string> PutPartAsync(string key, string upload, int number, Stream bytes, CancellationToken cancellationToken);

    /// <summary>Creates the key of all parts. A service may overwrite a key that exists.</summary>
    /// <returns>False when the service said that the key exists, or that it knows nothing of the parts (any more).</returns>
    Task<bool> TryCompletePartsAsync(
        string key,
        string upload,
        IReadOnlyList<string> parts,
        string writer,
        CancellationToken cancellationToken
    );

    /// <summary>Drops the parts.</summary>
    /// <returns>False when the service knows nothing of them.</returns>
    Task<bool> AbortPartsAsync(string key, string upload, CancellationToken cancellationToken);

    /// <summary>Lists a page of what was begun in parts below a prefix and not ended, where the service keeps it until someone
    /// drops it.</summary>
    Task<BucketUploads> ListUploadsAsync(string prefix, string? continuation, CancellationToken cancellationToken);
}

/// <summary>What a service can take at once, in bytes.</summary>
public sealed class BucketLimits
{
    /// <summary>The largest value that can be put in one request.</summary>
    public required long LargestPut { get; init; }

    /// <summary>The size of parts at first.</summary>
    public required int PartSize { get; init; }

    /// <summary>The largest number of parts.</summary>
    public required int Parts { get; init; }
}

/// <summary>A key as the service knows it.</summary>
public sealed class BucketKey
{
    public required string Key { get; init; }

    /// <summary>In bytes.</summary>
    public required long Length { get; init; }

    /// <summary>When it was created or last touched (UTC).</summary>
    public required DateTimeOffset LastModified { get; init; }

    /// <summary>Empty where it isn't known: in listings, and where something else created the key.</summary>
    public string Writer { get; init; } = "";

    /// <summary>What the service calls this state of the key, if no other state has the same; else null.</summary>
    public string? State { get; init; }
}

/// <summary>A value that is being read.</summary>
public sealed class BucketRead
{
    /// <summary>What a range is answered with that begins where the value has ended.</summary>
    public static BucketRead PastTheEnd { get; } =
        new()
        {
            Stream = Stream.Null,
            TotalLength = 0,
            Writer = "",
        };

    /// <summary>Owned by whoever asked. What it throws where the connection breaks is told by
    /// <see cref="BucketException"/> or <see cref="IOException"/>.</summary>
    public required Stream Stream { get; init; }

    /// <summary>How long the whole value is, in bytes.</summary>
    public required long TotalLength { get; init; }

    public required string Writer { get; init; }
}

/// <summary>A page of a listing.</summary>
public sealed class BucketPage
{
    public IReadOnlyList<BucketKey> Keys { get; init; } = [];

    /// <summary>Each ends in <c>/</c>.</summary>
    public IReadOnlyList<string> Folders { get; init; } = [];

    /// <summary>For the next page; null at the end.</summary>
    public string? Continuation { get; init; }
}

/// <summary>A page of what was begun in parts.</summary>
public sealed class BucketUploads
{
    public IReadOnlyList<BucketUpload> Uploads { get; init; } = [];

    /// <summary>For the next page; null at the end.</summary>
    public string? Continuation { get; init; }
}

/// <summary>Something that was begun in parts and not ended.</summary>
public sealed class BucketUpload
{
    public required string Key { get; init; }

    public required string Upload { get; init; }

    /// <summary>Of all parts that arrived, in bytes.</summary>
    public required long Length { get; init; }

    /// <summary>When the newest part arrived, or it was begun (UTC).</summary>
    public required DateTimeOffset LastModified { get; init; }
}
