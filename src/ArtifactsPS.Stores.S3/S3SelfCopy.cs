using Amazon.S3;
using Amazon.S3.Model;
using ArtifactsPS.Core.Storage.Remote;

namespace ArtifactsPS.Stores.S3;

/// <summary>Makes keys of S3 young: there is no call for it but to copy one onto itself.</summary>
/// <param name="client">The service.</param>
/// <param name="bucket">The bucket's name.</param>
internal sealed class S3SelfCopy(Lazy<IAmazonS3> client, string bucket)
{
    private const int CopiesAtOnce = 4;

    /// <summary>The largest value that one request copies, in bytes.</summary>
    public long Largest { get; set; } = 5L << 30;

    /// <summary>How large the pieces are in which a larger one is copied, in bytes.</summary>
    public long PartSize { get; set; } = 1L << 30;

    /// <summary>Copies a key.</summary>
    /// <param name="owner">Begins and drops what is copied in parts.</param>
    /// <param name="known">The key as it was just now.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    public Task CopyAsync(IBucket owner, BucketKey known, CancellationToken cancellationToken) =>
        known.Length > Largest
            ? CopyInPartsAsync(owner, known, cancellationToken)
            : CopyWholeAsync(known, cancellationToken);

    // Only with other metadata, or what is said to be other.
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
