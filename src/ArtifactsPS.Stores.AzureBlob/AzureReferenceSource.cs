using System.Net;
using ArtifactsPS.Core.References;
using ArtifactsPS.Core.Values;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;

namespace ArtifactsPS.Stores.AzureBlob;

/// <summary>Targets of references in a container, at <c>az://account/container/name?versionId=…</c>.</summary>
internal sealed class AzureReferenceSource(AzureReferenceClient client) : BucketReferenceSource<BlobContainerClient>
{
    // Newer versions of the service can begin at a name. But accounts with a hierarchical namespace list names in another order.
    /// <inheritdoc/>
    protected override bool ListsFromKeys => false;

    /// <inheritdoc/>
    protected override BucketUri Parse(string uri) =>
        BucketUri.Parse(uri).Deeper()
        ?? throw new InvalidReferenceException(uri, "Use the form az://account/container/name");

    /// <inheritdoc/>
    protected override Task<T> SendAsync<T>(Func<BlobContainerClient, Task<T>> request) => client.SendAsync(request);

    /// <inheritdoc/>
    protected override async Task<TargetProperties> DescribeAsync(
        BlobContainerClient client,
        string key,
        string? versionId,
        CancellationToken cancellationToken
    )
    {
        BlobProperties found = await BlobOf(client, key, versionId)
            .GetPropertiesAsync(cancellationToken: cancellationToken)
            .ConfigureAwait(false);
        return PropertiesOf(found.ContentLength, TextOf(found.ETag), found.VersionId);
    }

    /// <inheritdoc/>
    protected override async Task<TargetRead> ReadAsync(
        BlobContainerClient client,
        string key,
        string? versionId,
        long offset,
        CancellationToken cancellationToken
    )
    {
        var options = offset > 0 ? new BlobDownloadOptions { Range = new HttpRange(offset) } : null;
        BlobDownloadStreamingResult found = await BlobOf(client, key, versionId)
            .DownloadStreamingAsync(options, cancellationToken)
            .ConfigureAwait(false);
        return new TargetRead
        {
            Stream = found.Content,
            Properties = PropertiesOf(
                AzureBucket.TotalOf(found.Details),
                TextOf(found.Details.ETag),
                found.Details.VersionId
            ),
            Offset = found.Details.ContentRange is null ? 0 : offset,
        };
    }

    /// <inheritdoc/>
    protected override async Task<TargetPage> ListAsync(
        BlobContainerClient client,
        BucketUri prefix,
        TargetListing listing,
        bool hasVersions,
        CancellationToken cancellationToken
    )
    {
        var states = hasVersions ? BlobStates.Version : BlobStates.None;
        if (listing.Folders)
        {
            var pages = client
                .GetBlobsByHierarchyAsync(BlobTraits.None, states, "/", prefix.Key, cancellationToken)
                .AsPages(listing.Continuation);
            await foreach (var page in pages.WithCancellation(cancellationToken).ConfigureAwait(false))
                return PageOf(
                    page.Values.Where(found => found.IsBlob).Select(found => found.Blob),
                    page.Values.Where(found => found.IsPrefix).Select(found => found.Prefix),
                    page.ContinuationToken,
                    prefix
                );
        }
        else
        {
            var pages = client
                .GetBlobsAsync(BlobTraits.None, states, prefix.Key, cancellationToken)
                .AsPages(listing.Continuation);
            await foreach (var page in pages.WithCancellation(cancellationToken).ConfigureAwait(false))
                return PageOf(page.Values, [], page.ContinuationToken, prefix);
        }
        return new TargetPage { Targets = [] };
    }

    // Also in a missing container. Without credentials, "ResourceNotFound" may be the answer for a private container.
    /// <inheritdoc/>
    protected override bool IsMissing(Exception exception) =>
        exception is RequestFailedException { Status: (int)HttpStatusCode.NotFound, ErrorCode: not "ResourceNotFound" };

    /// <inheritdoc/>
    protected override bool IsBehindEnd(Exception exception) =>
        exception is RequestFailedException { Status: (int)HttpStatusCode.RequestedRangeNotSatisfiable };

    /// <inheritdoc/>
    protected override bool MayListCurrent(Exception exception) =>
        exception
            is RequestFailedException
            {
                Status: (int)HttpStatusCode.BadRequest
                    or (int)HttpStatusCode.Unauthorized
                    or (int)HttpStatusCode.Forbidden
                    or (int)HttpStatusCode.Conflict
                    or (int)HttpStatusCode.NotImplemented,
                ErrorCode: not "InvalidHeaderValue"
            };

    private static TargetPage PageOf(
        IEnumerable<BlobItem> blobs,
        IEnumerable<string> folders,
        string? continuation,
        BucketUri prefix
    ) =>
        new()
        {
            Targets =
            [
                .. blobs
                    .Where(IsCurrent)
                    .Select(found => TargetOf(prefix, found.Name, PropertiesOf(found)))
                    .OfType<ListedTarget>(),
            ],
            Folders = FoldersOf(prefix, folders),
            Continuation = continuation is { Length: > 0 } ? continuation : null,
        };

    // Accounts without versions have no ids.
    private static bool IsCurrent(BlobItem found) => found.VersionId is null || found.IsLatestVersion == true;

    private static TargetProperties PropertiesOf(BlobItem found) =>
        PropertiesOf(found.Properties.ContentLength, TextOf(found.Properties.ETag), found.VersionId);

    private static string? TextOf(ETag? tag) => tag?.ToString("H");

    private static BlobBaseClient BlobOf(BlobContainerClient container, string key, string? versionId)
    {
        var blob = container.GetBlobBaseClient(key);
        return versionId is null ? blob : blob.WithVersion(versionId);
    }
}
