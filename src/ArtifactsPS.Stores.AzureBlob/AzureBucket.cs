using System.Globalization;
using System.Net;
using ArtifactsPS.Core.Storage.Remote;
using Azure;
using Azure.Storage;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;

namespace ArtifactsPS.Stores.AzureBlob;

/// <summary>A container of Azure Blob Storage.</summary>
/// <param name="source">Authorization of the service to read what it copies.</param>
internal sealed partial class AzureBucket(
    BlobContainerClient container,
    AzureCopySource source,
    BucketLimits limits,
    AzureErrors errors
) : IBucket
{
    /// <summary>Name of the metadata with the writer.</summary>
    private const string Writer = "writer";

    /// <inheritdoc/>
    public BucketLimits Limits => limits;

    /// <inheritdoc/>
    public Task<BucketPutResult> TryPutAsync(
        string key,
        Stream value,
        string writer,
        bool replaces,
        CancellationToken cancellationToken
    ) =>
        errors.MappedAsync(async () =>
        {
            var options = new BlobUploadOptions
            {
                Metadata = MetadataOf(writer),
                Conditions = replaces ? null : new BlobRequestConditions { IfNoneMatch = ETag.All },
                // Sends one request, whatever the size.
                TransferOptions = new StorageTransferOptions
                {
                    InitialTransferSize = limits.LargestPut,
                    MaximumTransferSize = limits.LargestPut,
                    MaximumConcurrency = 1,
                },
            };
            try
            {
                await BlobOf(key).UploadAsync(value, options, cancellationToken).ConfigureAwait(false);
                return BucketPutResult.Created;
            }
            catch (RequestFailedException e) when (Exists(e))
            {
                return BucketPutResult.Exists;
            }
        });

    // Azure honours If-None-Match, also with versioning.
    /// <inheritdoc/>
    public Task<bool> IsDoubtfulAsync(CancellationToken cancellationToken) => Task.FromResult(false);

    /// <inheritdoc/>
    public Task<bool> ConfirmAsync(string key, string writer, CancellationToken cancellationToken) =>
        Task.FromResult(true);

    /// <inheritdoc/>
    public Task<BucketKey?> HeadAsync(string key, CancellationToken cancellationToken) =>
        errors.MappedAsync(async () =>
        {
            try
            {
                BlobProperties found = await BlobOf(key)
                    .GetPropertiesAsync(cancellationToken: cancellationToken)
                    .ConfigureAwait(false);
                return new BucketKey
                {
                    Key = key,
                    Length = found.ContentLength,
                    LastModified = found.LastModified,
                    Writer = WriterOf(found.Metadata),
                    State = found.ETag.ToString("H"),
                };
            }
            catch (RequestFailedException e) when (AzureErrors.IsNoKey(e))
            {
                return null;
            }
        });

    /// <inheritdoc/>
    public Task<BucketRead?> OpenAsync(string key, long offset, long? length, CancellationToken cancellationToken) =>
        errors.MappedAsync(async () =>
        {
            var options = new BlobDownloadOptions { Range = new HttpRange(offset, length) };
            try
            {
                BlobDownloadStreamingResult found = await BlobOf(key)
                    .DownloadStreamingAsync(options, cancellationToken)
                    .ConfigureAwait(false);
                return ReadOf(found);
            }
            catch (RequestFailedException e) when (AzureErrors.IsNoKey(e))
            {
                return null;
            }
            catch (RequestFailedException e) when (e.Status == (int)HttpStatusCode.RequestedRangeNotSatisfiable)
            {
                return BucketRead.PastTheEnd;
            }
        });

    /// <inheritdoc/>
    public Task<BucketPage> ListAsync(
        string prefix,
        bool folders,
        string? after,
        string? continuation,
        CancellationToken cancellationToken
    ) =>
        errors.MappedAsync(async () =>
            folders
                ? await ListFoldersAsync(prefix, continuation, cancellationToken).ConfigureAwait(false)
                : await ListKeysAsync(prefix, continuation, cancellationToken).ConfigureAwait(false)
        );

    /// <inheritdoc/>
    public Task<bool> DeleteAsync(BucketKey known, CancellationToken cancellationToken) =>
        errors.MappedAsync(async () =>
        {
            // A late request does not delete a key that was created since.
            var state = new BlobRequestConditions { IfMatch = known.State is null ? null : new ETag(known.State) };
            try
            {
                await BlobOf(known.Key)
                    .DeleteIfExistsAsync(DeleteSnapshotsOption.IncludeSnapshots, state, cancellationToken)
                    .ConfigureAwait(false);
                return true;
            }
            catch (RequestFailedException e) when (e.Status == (int)HttpStatusCode.PreconditionFailed)
            {
                return false;
            }
        });

    /// <inheritdoc/>
    public Task<BucketCopyResult> CopyAsync(BucketKey known, string target, CancellationToken cancellationToken) =>
        errors.MappedAsync(async () =>
        {
            var options = new BlobCopyFromUriOptions
            {
                Metadata = MetadataOf(known.Writer),
                SourceAuthentication = await source.TokenAsync(cancellationToken).ConfigureAwait(false),
            };
            try
            {
                await BlobOf(target)
                    .SyncCopyFromUriAsync(source.UriOf(BlobOf(known.Key)), options, cancellationToken)
                    .ConfigureAwait(false);
                return BucketCopyResult.Copied;
            }
            catch (RequestFailedException e) when (AzureErrors.IsNoKey(e))
            {
                return BucketCopyResult.Missing;
            }
            catch (RequestFailedException e) when (e.Status == (int)HttpStatusCode.NotImplemented)
            {
                return BucketCopyResult.NotSupported;
            }
        });

    /// <inheritdoc/>
    public Task<string?> CopyPartAsync(
        BucketKey known,
        long offset,
        long length,
        string target,
        string upload,
        int number,
        CancellationToken cancellationToken
    ) =>
        errors.MappedAsync(async () =>
        {
            var options = new StageBlockFromUriOptions
            {
                SourceRange = new HttpRange(offset, length),
                SourceAuthentication = await source.TokenAsync(cancellationToken).ConfigureAwait(false),
            };
            var name = AzureBlocks.NameOf(upload, number);
            try
            {
                await BlobOf(target)
                    .StageBlockFromUriAsync(source.UriOf(BlobOf(known.Key)), name, options, cancellationToken)
                    .ConfigureAwait(false);
                return (string?)name;
            }
            catch (RequestFailedException e) when (e.Status == (int)HttpStatusCode.NotImplemented)
            {
                return null;
            }
        });

    // Uncommitted blocks belong to a blob. Their names have a hash of their bytes. So writers of the same bytes share blocks, and a
    // killed writer's blocks can be recognized.
    /// <inheritdoc/>
    public Task<string> BeginPartsAsync(string key, string writer, CancellationToken cancellationToken) =>
        Task.FromResult(Guid.NewGuid().ToString("N"));

    /// <inheritdoc/>
    public Task<BucketParts?> FindPartsAsync(string key, CancellationToken cancellationToken) =>
        errors.MappedAsync(async () =>
        {
            try
            {
                var list = await BlobOf(key)
                    .GetBlockListAsync(BlockListTypes.Uncommitted, cancellationToken: cancellationToken)
                    .ConfigureAwait(false);
                var parts = new Dictionary<int, BucketPart>();
                foreach (var block in list.Value.UncommittedBlocks)
                    if (AzureBlocks.NumberOf(block.Name) is { } number)
                        parts[number] = new BucketPart { Length = block.SizeLong, Id = block.Name };
                return parts.Count > 0
                    ? new BucketParts { Upload = Guid.NewGuid().ToString("N"), Parts = parts }
                    : null;
            }
            catch (RequestFailedException e) when (AzureErrors.IsNoKey(e))
            {
                return null;
            }
        });

    /// <inheritdoc/>
    public bool HasBytes(BucketPart part, Stream bytes) => AzureBlocks.HasBytes(part.Id, bytes);

    /// <inheritdoc/>
    public Task<string?> PutPartAsync(
        string key,
        string upload,
        int number,
        Stream bytes,
        CancellationToken cancellationToken
    ) =>
        errors.MappedAsync(async () =>
        {
            var name = AzureBlocks.NameOf(number, bytes);
            bytes.Position = 0;
            await BlobOf(key).StageBlockAsync(name, bytes, cancellationToken: cancellationToken).ConfigureAwait(false);
            return (string?)name;
        });

    /// <inheritdoc/>
    public Task<bool> TryCompletePartsAsync(
        string key,
        string upload,
        IReadOnlyList<string> parts,
        string writer,
        bool replaces,
        CancellationToken cancellationToken
    ) =>
        errors.MappedAsync(async () =>
        {
            var options = new CommitBlockListOptions
            {
                Metadata = MetadataOf(writer),
                Conditions = replaces ? null : new BlobRequestConditions { IfNoneMatch = ETag.All },
            };
            try
            {
                await BlobOf(key).CommitBlockListAsync(parts, options, cancellationToken).ConfigureAwait(false);
                return true;
            }
            // Committing a list deletes all blocks that it doesn't name.
            catch (RequestFailedException e) when (Exists(e) || e.ErrorCode == "InvalidBlockList")
            {
                return false;
            }
        });

    // Azure deletes uncommitted blocks within a week.
    /// <inheritdoc/>
    public Task<bool> AbortPartsAsync(string key, string upload, CancellationToken cancellationToken) =>
        Task.FromResult(false);

    /// <inheritdoc/>
    public Task<BucketUploads> ListUploadsAsync(
        string prefix,
        string? continuation,
        CancellationToken cancellationToken
    ) => Task.FromResult(new BucketUploads());

    /// <inheritdoc/>
    public void Dispose()
    {
        // The client has no resources.
    }

    private static bool Exists(RequestFailedException e) =>
        e.Status == (int)HttpStatusCode.PreconditionFailed
        || (e.Status == (int)HttpStatusCode.Conflict && e.ErrorCode == "BlobAlreadyExists");

    private static Dictionary<string, string> MetadataOf(string writer) =>
        new(StringComparer.Ordinal) { [Writer] = writer };

    private static string WriterOf(IDictionary<string, string> metadata) =>
        metadata.TryGetValue(Writer, out var writer) ? writer : "";

    private static BucketRead ReadOf(BlobDownloadStreamingResult found) =>
        new()
        {
            Stream = found.Content,
            TotalLength = TotalOf(found.Details),
            Writer = WriterOf(found.Details.Metadata),
        };

    /// <summary>Length of the whole value.</summary>
    // "bytes 0-9/1234". Without a range, the answer is the whole value.
    internal static long TotalOf(BlobDownloadDetails details) =>
        details.ContentRange is { } range
        && long.TryParse(
            range.Substring(range.LastIndexOf('/') + 1),
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out var total
        )
            ? total
            : details.ContentLength;

    private static BucketKey KeyOf(BlobItem found) =>
        new()
        {
            Key = found.Name,
            Length = found.Properties.ContentLength ?? 0,
            LastModified = found.Properties.LastModified ?? DateTimeOffset.MinValue,
        };

    private BlockBlobClient BlobOf(string key) => container.GetBlockBlobClient(key);

    private async Task<BucketPage> ListKeysAsync(
        string prefix,
        string? continuation,
        CancellationToken cancellationToken
    )
    {
        var pages = container
            .GetBlobsAsync(BlobTraits.None, BlobStates.None, prefix, cancellationToken)
            .AsPages(continuation);
        await foreach (var page in pages.WithCancellation(cancellationToken).ConfigureAwait(false))
            return new BucketPage { Keys = [.. page.Values.Select(KeyOf)], Continuation = NextOf(page) };
        return new BucketPage();
    }

    private async Task<BucketPage> ListFoldersAsync(
        string prefix,
        string? continuation,
        CancellationToken cancellationToken
    )
    {
        var pages = container
            .GetBlobsByHierarchyAsync(BlobTraits.None, BlobStates.None, "/", prefix, cancellationToken)
            .AsPages(continuation);
        await foreach (var page in pages.WithCancellation(cancellationToken).ConfigureAwait(false))
            return new BucketPage
            {
                Folders = [.. page.Values.Where(found => found.IsPrefix).Select(found => found.Prefix)],
                Continuation = NextOf(page),
            };
        return new BucketPage();
    }

    private static string? NextOf<T>(Page<T> page)
        where T : notnull => page.ContinuationToken is { Length: > 0 } next ? next : null;
}
