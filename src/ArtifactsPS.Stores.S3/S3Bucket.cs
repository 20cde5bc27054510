using System.Globalization;
using System.Net;
using Amazon.S3;
using Amazon.S3.Model;
using ArtifactsPS.Core.Storage.Remote;

namespace ArtifactsPS.Stores.S3;

/// <summary>A bucket of S3 or of a compatible service.</summary>
/// <param name="client">The client; owned.</param>
/// <param name="bucket">Name of the bucket.</param>
internal sealed partial class S3Bucket(Lazy<IAmazonS3> client, string bucket, BucketLimits limits, S3Errors errors)
    : IBucket
{
    /// <summary>Name of the metadata with the writer.</summary>
    internal const string Writer = "writer";

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
            var request = new PutObjectRequest
            {
                BucketName = bucket,
                Key = key,
                InputStream = value,
                IfNoneMatch = replaces ? null : "*",
                AutoCloseStream = false,
                AutoResetStreamPosition = false,
                UseChunkEncoding = false,
            };
            request.Metadata[Writer] = writer;
            try
            {
                var answer = await client.Value.PutObjectAsync(request, cancellationToken).ConfigureAwait(false);
                return S3Versions.IsSafe(client.Value) || string.IsNullOrEmpty(answer.VersionId)
                    ? BucketPutResult.Created
                    : BucketPutResult.CreatedVersion;
            }
            catch (AmazonS3Exception e) when (Exists(e))
            {
                return BucketPutResult.Exists;
            }
        });

    /// <inheritdoc/>
    public Task<bool> IsDoubtfulAsync(CancellationToken cancellationToken) =>
        errors.MappedAsync(async () =>
        {
            if (S3Versions.IsSafe(client.Value))
                return false;
            try
            {
                var request = new GetBucketVersioningRequest { BucketName = bucket };
                var answer = await client
                    .Value.GetBucketVersioningAsync(request, cancellationToken)
                    .ConfigureAwait(false);
                return answer.VersioningConfig?.Status is { } status && status != VersionStatus.Off;
            }
            catch (AmazonS3Exception e)
                when (e.StatusCode
                        is HttpStatusCode.Forbidden
                            or HttpStatusCode.NotImplemented
                            or HttpStatusCode.MethodNotAllowed
                )
            {
                // This user can't find out.
                return true;
            }
        });

    /// <inheritdoc/>
    public Task<bool> ConfirmAsync(string key, string writer, CancellationToken cancellationToken) =>
        errors.MappedAsync(async () =>
        {
            if (S3Versions.IsSafe(client.Value))
                return true;
            try
            {
                var request = new GetObjectMetadataRequest { BucketName = bucket, Key = key };
                var head = await client.Value.GetObjectMetadataAsync(request, cancellationToken).ConfigureAwait(false);
                return head.Metadata[Writer] == writer
                    && !await S3Versions
                        .WithdrawAsync(client.Value, bucket, key, head.VersionId, cancellationToken)
                        .ConfigureAwait(false);
            }
            catch (AmazonS3Exception e) when (errors.IsNoKey(e))
            {
                // Another has deleted it since.
                return true;
            }
        });

    /// <inheritdoc/>
    public Task<BucketKey?> HeadAsync(string key, CancellationToken cancellationToken) =>
        errors.MappedAsync(async () =>
        {
            try
            {
                var request = new GetObjectMetadataRequest { BucketName = bucket, Key = key };
                var head = await client.Value.GetObjectMetadataAsync(request, cancellationToken).ConfigureAwait(false);
                return new BucketKey
                {
                    Key = key,
                    Length = head.ContentLength,
                    LastModified = TimeOf(head.LastModified),
                    Writer = head.Metadata[Writer] ?? "",
                };
            }
            catch (AmazonS3Exception e) when (errors.IsNoKey(e))
            {
                return null;
            }
        });

    /// <inheritdoc/>
    public Task<BucketRead?> OpenAsync(string key, long offset, long? length, CancellationToken cancellationToken) =>
        errors.MappedAsync(async () =>
        {
            var request = new GetObjectRequest { BucketName = bucket, Key = key };
            if (offset > 0 || length is not null)
                request.ByteRange = length is null
                    ? new ByteRange($"bytes={offset}-")
                    : new ByteRange(offset, offset + length.Value - 1);
            try
            {
                var found = await client.Value.GetObjectAsync(request, cancellationToken).ConfigureAwait(false);
                return ReadOf(found);
            }
            catch (AmazonS3Exception e) when (errors.IsNoKey(e))
            {
                return null;
            }
            catch (AmazonS3Exception e) when (e.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
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
        {
            var request = new ListObjectsV2Request
            {
                BucketName = bucket,
                Prefix = prefix,
                Delimiter = folders ? "/" : null,
                StartAfter = after,
                ContinuationToken = continuation,
            };
            var page = await client.Value.ListObjectsV2Async(request, cancellationToken).ConfigureAwait(false);
            return new BucketPage
            {
                Keys = (page.S3Objects ?? [])
                    .Select(found => new BucketKey
                    {
                        Key = found.Key,
                        Length = found.Size ?? 0,
                        LastModified = TimeOf(found.LastModified),
                    })
                    .ToList(),
                Folders = page.CommonPrefixes ?? [],
                Continuation = page.IsTruncated == true ? page.NextContinuationToken : null,
            };
        });

    // No state: an ETag depends on the bytes alone, so a key that was created again has the same.
    /// <inheritdoc/>
    public Task<bool> DeleteAsync(BucketKey known, CancellationToken cancellationToken) =>
        errors.MappedAsync(async () =>
        {
            var request = new DeleteObjectRequest { BucketName = bucket, Key = known.Key };
            await client.Value.DeleteObjectAsync(request, cancellationToken).ConfigureAwait(false);
            return true;
        });

    /// <inheritdoc/>
    public Task<BucketCopyResult> CopyAsync(BucketKey known, string target, CancellationToken cancellationToken) =>
        errors.MappedAsync(async () =>
        {
            // The metadata with the writer is copied, too.
            var request = new CopyObjectRequest
            {
                SourceBucket = bucket,
                SourceKey = known.Key,
                DestinationBucket = bucket,
                DestinationKey = target,
            };
            try
            {
                await client.Value.CopyObjectAsync(request, cancellationToken).ConfigureAwait(false);
                return BucketCopyResult.Copied;
            }
            catch (AmazonS3Exception e) when (errors.IsNoKey(e))
            {
                return BucketCopyResult.Missing;
            }
            catch (AmazonS3Exception e) when (e.StatusCode == HttpStatusCode.NotImplemented)
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
            var request = new CopyPartRequest
            {
                SourceBucket = bucket,
                SourceKey = known.Key,
                DestinationBucket = bucket,
                DestinationKey = target,
                UploadId = upload,
                PartNumber = number,
                FirstByte = offset,
                LastByte = offset + length - 1,
            };
            try
            {
                return (string?)
                    (await client.Value.CopyPartAsync(request, cancellationToken).ConfigureAwait(false)).ETag;
            }
            catch (AmazonS3Exception e) when (e.StatusCode == HttpStatusCode.NotImplemented)
            {
                return null;
            }
        });

    /// <inheritdoc/>
    public void Dispose()
    {
        if (client.IsValueCreated)
            client.Value.Dispose();
    }

    private static bool Exists(AmazonS3Exception e) =>
        e.StatusCode is HttpStatusCode.PreconditionFailed or HttpStatusCode.Conflict;

    private static DateTimeOffset TimeOf(DateTime? time) => new((time ?? DateTime.MinValue).ToUniversalTime());

    private static BucketRead ReadOf(GetObjectResponse found) =>
        new()
        {
            Stream = found.ResponseStream,
            TotalLength = TotalOf(found),
            Writer = found.Metadata[Writer] ?? "",
        };

    /// <summary>Length of the whole value.</summary>
    // "bytes 0-9/1234". Without a range, the answer is the whole value.
    internal static long TotalOf(GetObjectResponse found) =>
        found.ContentRange is { } range
        && long.TryParse(
            range.Substring(range.LastIndexOf('/') + 1),
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out var total
        )
            ? total
            : found.ContentLength;
}
