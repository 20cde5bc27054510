using Amazon.S3;
using Amazon.S3.Model;
using ArtifactsPS.Core.Storage.Remote;

namespace ArtifactsPS.Stores.S3;

// Uploads in parts.
internal sealed partial class S3Bucket
{
    /// <inheritdoc/>
    public Task<string> BeginPartsAsync(string key, string writer, CancellationToken cancellationToken) =>
        errors.MappedAsync(async () =>
        {
            var request = new InitiateMultipartUploadRequest { BucketName = bucket, Key = key };
            request.Metadata[Writer] = writer;
            var begun = await client
                .Value.InitiateMultipartUploadAsync(request, cancellationToken)
                .ConfigureAwait(false);
            return begun.UploadId;
        });

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
            var request = new UploadPartRequest
            {
                BucketName = bucket,
                Key = key,
                UploadId = upload,
                PartNumber = number,
                PartSize = bytes.Length,
                InputStream = bytes,
                UseChunkEncoding = false,
            };
            try
            {
                var answer = await client.Value.UploadPartAsync(request, cancellationToken).ConfigureAwait(false);
                return (string?)answer.ETag;
            }
            catch (AmazonS3Exception e) when (S3Errors.IsNoUpload(e))
            {
                return null;
            }
        });

    /// <inheritdoc/>
    public Task<BucketParts?> FindPartsAsync(string key, CancellationToken cancellationToken) =>
        errors.MappedAsync(async () =>
        {
            var request = new ListMultipartUploadsRequest { BucketName = bucket, Prefix = key };
            var page = await client.Value.ListMultipartUploadsAsync(request, cancellationToken).ConfigureAwait(false);
            BucketParts? best = null;
            foreach (var upload in (page.MultipartUploads ?? []).Where(upload => upload.Key == key))
            {
                var parts = await S3Parts
                    .ListAsync(client.Value, bucket, upload, cancellationToken)
                    .ConfigureAwait(false);
                if (parts is { Count: > 0 } && parts.Count > (best?.Parts.Count ?? 0))
                    best = S3Parts.Of(upload.UploadId, parts);
            }
            return best;
        });

    /// <inheritdoc/>
    public bool HasBytes(BucketPart part, Stream bytes) => S3Parts.HasBytes(part, bytes);

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
            var request = new CompleteMultipartUploadRequest
            {
                BucketName = bucket,
                Key = key,
                UploadId = upload,
                PartETags = parts.Select((tag, index) => new PartETag(index + 1, tag)).ToList(),
                // A service without this condition writes the same bytes again.
                IfNoneMatch = replaces ? null : "*",
            };
            try
            {
                await client.Value.CompleteMultipartUploadAsync(request, cancellationToken).ConfigureAwait(false);
                return true;
            }
            catch (AmazonS3Exception e) when (Exists(e) || S3Errors.IsNoUpload(e))
            {
                return false;
            }
        });

    /// <inheritdoc/>
    public Task<bool> AbortPartsAsync(string key, string upload, CancellationToken cancellationToken) =>
        errors.MappedAsync(async () =>
        {
            var request = new AbortMultipartUploadRequest
            {
                BucketName = bucket,
                Key = key,
                UploadId = upload,
            };
            try
            {
                await client.Value.AbortMultipartUploadAsync(request, cancellationToken).ConfigureAwait(false);
                return true;
            }
            catch (AmazonS3Exception e) when (S3Errors.IsNoUpload(e))
            {
                return false;
            }
        });

    /// <inheritdoc/>
    public Task<BucketUploads> ListUploadsAsync(
        string prefix,
        string? continuation,
        CancellationToken cancellationToken
    ) =>
        errors.MappedAsync(async () =>
        {
            var markers = continuation?.Split('\n');
            var request = new ListMultipartUploadsRequest
            {
                BucketName = bucket,
                Prefix = prefix,
                KeyMarker = markers?[0],
                UploadIdMarker = markers?[1],
            };
            var page = await client.Value.ListMultipartUploadsAsync(request, cancellationToken).ConfigureAwait(false);
            var uploads = new List<BucketUpload>();
            foreach (var upload in page.MultipartUploads ?? [])
                if (await MeasureAsync(upload, cancellationToken).ConfigureAwait(false) is { } measured)
                    uploads.Add(measured);
            return new BucketUploads
            {
                Uploads = uploads,
                Continuation = page.IsTruncated == true ? $"{page.NextKeyMarker}\n{page.NextUploadIdMarker}" : null,
            };
        });

    // The newest part counts: an active writer must not be taken for a killed one.
    private async Task<BucketUpload?> MeasureAsync(MultipartUpload upload, CancellationToken cancellationToken) =>
        await S3Parts.ListAsync(client.Value, bucket, upload, cancellationToken).ConfigureAwait(false) is { } parts
            ? new BucketUpload
            {
                Key = upload.Key,
                Upload = upload.UploadId,
                Length = parts.Sum(part => part.Size ?? 0),
                LastModified = parts.Select(part => TimeOf(part.LastModified)).Append(TimeOf(upload.Initiated)).Max(),
            }
            : null;
}
