using System.Net;
using Amazon.S3;
using Amazon.S3.Model;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Storage.Remote;

namespace ArtifactsPS.Stores.S3;

internal sealed partial class S3Bucket : IVersionedBucket
{
    /// <inheritdoc/>
    public Task<BucketVersions> ListVersionsAsync(
        string prefix,
        string? continuation,
        CancellationToken cancellationToken
    ) =>
        errors.MappedAsync(async () =>
        {
            var markers = continuation?.Split('\n');
            var request = new ListVersionsRequest
            {
                BucketName = bucket,
                Prefix = prefix,
                KeyMarker = markers?[0],
                VersionIdMarker = markers?[1],
            };
            var page = await client.Value.ListVersionsAsync(request, cancellationToken).ConfigureAwait(false);
            return new BucketVersions
            {
                Versions =
                [
                    .. (page.Versions ?? [])
                        .Where(found => found.IsDeleteMarker != true)
                        .Select(found => new KeptValue(found.Key, found.VersionId, found.IsLatest == true)),
                ],
                Continuation = page.IsTruncated == true ? $"{page.NextKeyMarker}\n{page.NextVersionIdMarker}" : null,
            };
        });

    /// <inheritdoc/>
    public Task<BucketRead?> OpenVersionAsync(string key, string version, CancellationToken cancellationToken) =>
        errors.MappedAsync(async () =>
        {
            var request = new GetObjectRequest
            {
                BucketName = bucket,
                Key = key,
                VersionId = version,
            };
            try
            {
                var found = await client.Value.GetObjectAsync(request, cancellationToken).ConfigureAwait(false);
                return ReadOf(found);
            }
            catch (AmazonS3Exception e)
                when (errors.IsNoKey(e) || (e.StatusCode == HttpStatusCode.NotFound && e.ErrorCode == "NoSuchVersion"))
            {
                return null;
            }
        });
}
