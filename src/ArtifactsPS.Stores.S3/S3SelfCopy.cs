using Amazon.S3;
using Amazon.S3.Model;
using ArtifactsPS.Core.Storage.Remote;

namespace ArtifactsPS.Stores.S3;

/// <summary>Sets the time of keys. S3 has no request for it, so a key is copied onto itself.</summary>
internal sealed class S3SelfCopy(Lazy<IAmazonS3> client, string bucket)
{
    private const int CopiesAtOnce = 4;

    /// <summary>Largest value that one request copies, in bytes.</summary>
    public long Largest { get; set; } = 5L << 30;

    /// <summary>Size of the parts of larger values, in bytes.</summary>
    public long PartSize { get; set; } = 1L << 30;

    /// <summary>Copies a key.</summary>
    /// <param name="owner">Starts and drops uploads in parts.</param>
    /// <param name="known">The key as it was described last.</param>
    public Task CopyAsync(IBucket owner, BucketKey known, CancellationToken cancellationToken) =>
        known.Length > Largest
            ? CopyInPartsAsync(owner, known, cancellationToken)
            : CopyWholeAsync(known, cancellationToken);

    // S3 accepts a copy onto itself only if it replaces the metadata.
    private async Task CopyWholeAsync(BucketKey known, CancellationToken cancellationToken)
    {
        var request = new CopyObjectRequest
        {
            SourceBucket = bucket,
            SourceKey = known.Key,
            DestinationBucket = bucket,
            DestinationKey = known.Key,
            MetadataDirective = S3MetadataDirective.REPLACE,
        };
        request.Metadata[S3Bucket.Writer] = known.Writer;
        await client.Value.CopyObjectAsync(request, cancellationToken).ConfigureAwait(false);
    }

    private async Task CopyInPartsAsync(IBucket owner, BucketKey known, CancellationToken cancellationToken)
    {
        var upload = await owner.BeginPartsAsync(known.Key, known.Writer, cancellationToken).ConfigureAwait(false);
        try
        {
            var count = (int)((known.Length + PartSize - 1) / PartSize);
            var parts = new PartETag[count];
            using var free = new SemaphoreSlim(CopiesAtOnce);
            await Task.WhenAll(Enumerable.Range(0, count).Select(CopyPartAsync)).ConfigureAwait(false);
            var request = new CompleteMultipartUploadRequest
            {
                BucketName = bucket,
                Key = known.Key,
                UploadId = upload,
                PartETags = [.. parts],
            };
            await client.Value.CompleteMultipartUploadAsync(request, cancellationToken).ConfigureAwait(false);

            async Task CopyPartAsync(int index)
            {
                await free.WaitAsync(cancellationToken).ConfigureAwait(false);
                try
                {
                    var part = new CopyPartRequest
                    {
                        SourceBucket = bucket,
                        SourceKey = known.Key,
                        DestinationBucket = bucket,
                        DestinationKey = known.Key,
                        UploadId = upload,
                        PartNumber = index + 1,
                        FirstByte = index * PartSize,
                        LastByte = Math.Min(known.Length, (index + 1) * PartSize) - 1,
                    };
                    var copied = await client.Value.CopyPartAsync(part, cancellationToken).ConfigureAwait(false);
                    parts[index] = new PartETag(index + 1, copied.ETag);
                }
                finally
                {
                    free.Release();
                }
            }
        }
        catch
        {
            await owner.AbortPartsAsync(known.Key, upload, CancellationToken.None).ConfigureAwait(false);
            throw;
        }
    }
}
