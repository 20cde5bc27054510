using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Storage.Remote;
using Azure;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;

namespace ArtifactsPS.Stores.AzureBlob;

// Azurite has no versions, so this is tested without any only.
internal sealed partial class AzureBucket : IVersionedBucket
{
    /// <inheritdoc/>
    public Task<BucketVersions> ListVersionsAsync(
        string prefix,
        string? continuation,
        CancellationToken cancellationToken
    ) =>
        errors.MappedAsync(async () =>
        {
            var pages = container
                .GetBlobsAsync(BlobTraits.None, BlobStates.Version, prefix, cancellationToken)
                .AsPages(continuation);
            await foreach (var page in pages.WithCancellation(cancellationToken).ConfigureAwait(false))
                return new BucketVersions
                {
                    Versions =
                    [
                        .. page
                            .Values.Where(found => found.VersionId is not null)
                            // Azure lists the oldest first. Ids are times.
                            .OrderBy(found => found.Name, StringComparer.Ordinal)
                            .ThenByDescending(found => found.VersionId, StringComparer.Ordinal)
                            .Select(found => new KeptValue(found.Name, found.VersionId, found.IsLatestVersion == true)),
                    ],
                    Continuation = NextOf(page),
                };
            return new BucketVersions();
        });

    /// <inheritdoc/>
    public Task<BucketRead?> OpenVersionAsync(string key, string version, CancellationToken cancellationToken) =>
        errors.MappedAsync(async () =>
        {
            try
            {
                BlobDownloadStreamingResult found = await BlobOf(key)
                    .WithVersion(version)
                    .DownloadStreamingAsync(cancellationToken: cancellationToken)
                    .ConfigureAwait(false);
                return ReadOf(found);
            }
            catch (RequestFailedException e) when (AzureErrors.IsNoKey(e))
            {
                return null;
            }
        });
}
