namespace ArtifactsPS.Core.Storage.Remote;

/// <summary>
/// Single requests to a service of keys and bytes. Each call sends one request once. <see cref="BucketObjectStore"/> builds a
/// store on them. Keys include the store's prefix.
/// <para>Calls fail with <see cref="BucketException"/>, which shows whether the request may have been carried out, or with
/// <see cref="OperationCanceledException"/>. Safe for concurrent callers.</para>
/// </summary>
/// <remarks>
/// Members use only types of the framework and of Core, because implementations are loaded apart. A value's <em>writer</em> is
/// a text in the metadata of its key.
/// </remarks>
public interface IBucket : IDisposable
{
    /// <summary>Limits of one request.</summary>
    BucketLimits Limits { get; }

    /// <summary>Creates a key, unless it exists.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">Seekable, at its start; not owned.</param>
    /// <param name="writer">Stored with the key.</param>
    /// <param name="replaces">Whether an existing key is replaced.</param>
    Task<BucketPutResult> TryPutAsync(
        string key,
        Stream value,
        string writer,
        bool replaces,
        CancellationToken cancellationToken
    );

    /// <summary>Whether the service may ignore that a key exists, as the bucket is set up now. Asked before the first creation, which is
    /// then preceded by a probe.</summary>
    Task<bool> IsDoubtfulAsync(CancellationToken cancellationToken);

    /// <summary>Checks after a <see cref="BucketPutResult.CreatedVersion"/>, or if the answer was lost, that no other writer has created
    /// the key, too. Withdraws the value of this writer if another was first and the service still has that value. Always true for a
    /// service that is known to be safe.</summary>
    Task<bool> ConfirmAsync(string key, string writer, CancellationToken cancellationToken);

    /// <summary>Describes a key; null if it is missing.</summary>
    Task<BucketKey?> HeadAsync(string key, CancellationToken cancellationToken);

    /// <summary>Opens the bytes of a key.</summary>
    /// <param name="key">The key.</param>
    /// <param name="offset">Offset in bytes.</param>
    /// <param name="length">Number of bytes, at least 1; null for all to the end.</param>
    /// <returns>Null if the key is missing; an empty stream if the value ends before the offset.</returns>
    Task<BucketRead?> OpenAsync(string key, long offset, long? length, CancellationToken cancellationToken);

    /// <summary>Lists a page of keys below a prefix.</summary>
    /// <param name="prefix">Prefix of the keys.</param>
    /// <param name="folders">True to list only the folders directly below, each ending in <c>/</c>.</param>
    /// <param name="after">Keys up to this one in ordinal order may be left out; null for none.</param>
    /// <param name="continuation">Continuation of the page before; null for the first page.</param>
    Task<BucketPage> ListAsync(
        string prefix,
        bool folders,
        string? after,
        string? continuation,
        CancellationToken cancellationToken
    );

    /// <summary>Deletes a key if it exists.</summary>
    /// <param name="known">The key as it was described last.</param>
    /// <returns>False if the key has changed since and still exists. A service that can't detect this returns true.</returns>
    Task<bool> DeleteAsync(BucketKey known, CancellationToken cancellationToken);

    /// <summary>Copies the whole value of a key with its writer to another key, within the service. An existing target is
    /// replaced.</summary>
    /// <param name="known">The key as it was described last, not longer than <see cref="BucketLimits.LargestCopy"/>.</param>
    /// <param name="target">The new key.</param>
    Task<BucketCopyResult> CopyAsync(BucketKey known, string target, CancellationToken cancellationToken);

    /// <summary>Copies a range of a key's value to a part of an upload, within the service.</summary>
    /// <param name="known">The key as it was described last.</param>
    /// <param name="offset">Offset of the range in bytes.</param>
    /// <param name="length">Length of the range in bytes, at most <see cref="BucketLimits.LargestCopy"/>.</param>
    /// <param name="target">Key of the upload.</param>
    /// <param name="upload">Id from <see cref="BeginPartsAsync"/>.</param>
    /// <param name="number">Number of the part, from 1.</param>
    /// <returns>Id of the part, for <see cref="TryCompletePartsAsync"/>; null if the service has no such request.</returns>
    Task<string?> CopyPartAsync(
        BucketKey known,
        long offset,
        long length,
        string target,
        string upload,
        int number,
        CancellationToken cancellationToken
    );

    /// <summary>Starts an upload in parts.</summary>
    /// <returns>Id of the upload.</returns>
    Task<string> BeginPartsAsync(string key, string writer, CancellationToken cancellationToken);

    /// <summary>Sends a part. A part may be sent again.</summary>
    /// <param name="key">The key.</param>
    /// <param name="upload">Id from <see cref="BeginPartsAsync"/>.</param>
    /// <param name="number">Number of the part, from 1.</param>
    /// <param name="bytes">Seekable, at its start; not owned.</param>
    /// <returns>Id of the part, for <see cref="TryCompletePartsAsync"/>; null if the upload is unknown.</returns>
    Task<string?> PutPartAsync(
        string key,
        string upload,
        int number,
        Stream bytes,
        CancellationToken cancellationToken
    );

    /// <summary>Finds an unfinished upload of a key. Its writer may have been killed, or may still be sending.</summary>
    /// <returns>Null if there is none.</returns>
    Task<BucketParts?> FindPartsAsync(string key, CancellationToken cancellationToken);

    /// <summary>Whether a received part has the given bytes. False if the service doesn't show it.</summary>
    /// <param name="part">The part.</param>
    /// <param name="bytes">As many bytes as the part has; not owned.</param>
    bool HasBytes(BucketPart part, Stream bytes);

    /// <summary>Creates the key from all parts. A service may overwrite an existing key.</summary>
    /// <param name="replaces">Whether an existing key must be replaced.</param>
    /// <returns>False if the service reported that the key exists, or that the upload is unknown.</returns>
    Task<bool> TryCompletePartsAsync(
        string key,
        string upload,
        IReadOnlyList<string> parts,
        string writer,
        bool replaces,
        CancellationToken cancellationToken
    );

    /// <summary>Deletes the parts of an upload.</summary>
    /// <returns>False if the upload is unknown.</returns>
    Task<bool> AbortPartsAsync(string key, string upload, CancellationToken cancellationToken);

    /// <summary>Lists a page of unfinished uploads below a prefix. Empty for a service that deletes these itself.</summary>
    Task<BucketUploads> ListUploadsAsync(string prefix, string? continuation, CancellationToken cancellationToken);
}

/// <summary>Limits of one request.</summary>
public sealed class BucketLimits
{
    /// <summary>Largest value of one request, in bytes.</summary>
    public required long LargestPut { get; init; }

    /// <summary>Largest value or range that one request copies, in bytes.</summary>
    public required long LargestCopy { get; set; }

    /// <summary>Size of the first parts, in bytes.</summary>
    public required int PartSize { get; init; }

    /// <summary>Largest number of parts.</summary>
    public required int Parts { get; init; }

    /// <summary>Whether <see cref="IBucket.HasBytes"/> recognizes the bytes of each part.</summary>
    public bool ShowsParts { get; init; }
}

/// <summary>Result of a creation.</summary>
public enum BucketPutResult
{
    /// <summary>The key was missing, and has the value.</summary>
    Created,

    /// <summary>The key has the value, in a bucket that keeps older versions. The service may have ignored an existing
    /// value.</summary>
    CreatedVersion,

    /// <summary>The service reported that the key exists, or is being created.</summary>
    Exists,
}

/// <summary>Result of a copy within a service.</summary>
public enum BucketCopyResult
{
    /// <summary>The target has the value.</summary>
    Copied,

    /// <summary>The key is missing.</summary>
    Missing,

    /// <summary>The service has no such request.</summary>
    NotSupported,
}

/// <summary>Description of a key.</summary>
public sealed class BucketKey
{
    public required string Key { get; init; }

    /// <summary>Length in bytes.</summary>
    public required long Length { get; init; }

    /// <summary>Time of creation (UTC).</summary>
    public required DateTimeOffset LastModified { get; init; }

    /// <summary>Writer of the key; empty in listings, and for keys that other programs created.</summary>
    public string Writer { get; init; } = "";

    /// <summary>Id of this state of the key, such as an ETag; null if different states may share one.</summary>
    public string? State { get; init; }
}

/// <summary>Opened value.</summary>
public sealed class BucketRead
{
    /// <summary>Result for a range after the end of the value.</summary>
    public static BucketRead PastTheEnd { get; } =
        new()
        {
            Stream = Stream.Null,
            TotalLength = 0,
            Writer = "",
        };

    /// <summary>Bytes of the range; owned by the caller.</summary>
    public required Stream Stream { get; init; }

    /// <summary>Length of the whole value in bytes.</summary>
    public required long TotalLength { get; init; }

    public required string Writer { get; init; }
}

/// <summary>A page of a listing.</summary>
public sealed class BucketPage
{
    public IReadOnlyList<BucketKey> Keys { get; init; } = [];

    /// <summary>Folders, each ending in <c>/</c>.</summary>
    public IReadOnlyList<string> Folders { get; init; } = [];

    /// <summary>Continuation for the next page; null after the last.</summary>
    public string? Continuation { get; init; }
}

/// <summary>A page of unfinished uploads.</summary>
public sealed class BucketUploads
{
    public IReadOnlyList<BucketUpload> Uploads { get; init; } = [];

    /// <summary>Continuation for the next page; null after the last.</summary>
    public string? Continuation { get; init; }
}

/// <summary>Received parts of an unfinished upload.</summary>
public sealed class BucketParts
{
    /// <summary>Id of the upload.</summary>
    public required string Upload { get; init; }

    /// <summary>Parts by number, from 1.</summary>
    public required IReadOnlyDictionary<int, BucketPart> Parts { get; init; }
}

/// <summary>Received part of an upload.</summary>
public sealed class BucketPart
{
    /// <summary>Length in bytes.</summary>
    public required long Length { get; init; }

    /// <summary>Id of the part, for <see cref="IBucket.TryCompletePartsAsync"/>.</summary>
    public required string Id { get; init; }
}

/// <summary>Unfinished upload in parts.</summary>
public sealed class BucketUpload
{
    public required string Key { get; init; }

    public required string Upload { get; init; }

    /// <summary>Length of all received parts in bytes.</summary>
    public required long Length { get; init; }

    /// <summary>Time of the newest part, or of the start of the upload (UTC).</summary>
    public required DateTimeOffset LastModified { get; init; }
}
