using System.Net;
using ArtifactsPS.Core.References;
using ArtifactsPS.Core.Values;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;

namespace ArtifactsPS.Stores.AzureBlob;

/// <summary>Targets of references in a container, at <c>az://account/container/name?versionId=…</c>.</summary>
internal sealed class AzureReferenceSource(AzureReferenceClient client) : IReferenceSource
{
    // Continuations of the two kinds of listing.
    private const string OfVersions = "v";
    private const string OfBlobs = "b";

    // Set when this user or the account can't list versions.
    private volatile bool _listsBlobsOnly;

    /// <inheritdoc/>
    public Task<TargetProperties?> ProbeAsync(string uri, string? versionId, CancellationToken cancellationToken)
    {
        var target = Parse(uri);
        if (target.Key.Length == 0)
            return Task.FromResult<TargetProperties?>(null);
        return client.SendAsync(container => ProbeAsync(BlobOf(container, target, versionId), cancellationToken));
    }

    /// <inheritdoc/>
    public Task<TargetRead?> OpenAsync(string uri, string? versionId, long offset, CancellationToken cancellationToken)
    {
        var target = Parse(uri);
        if (target.Key.Length == 0)
            return Task.FromResult<TargetRead?>(null);
        var options = offset > 0 ? new BlobDownloadOptions { Range = new HttpRange(offset) } : null;
        return client.SendAsync(async container =>
        {
            var blob = BlobOf(container, target, versionId);
            try
            {
                BlobDownloadStreamingResult found = await blob.DownloadStreamingAsync(options, cancellationToken)
                    .ConfigureAwait(false);
                return new TargetRead
                {
                    Stream = found.Content,
                    Properties = PropertiesOf(
                        AzureBucket.TotalOf(found.Details),
                        found.Details.ETag,
                        found.Details.VersionId
                    ),
                    Offset = found.Details.ContentRange is null ? 0 : offset,
                };
            }
            catch (RequestFailedException e) when (IsMissing(e))
            {
                return null;
            }
            catch (RequestFailedException e) when (e.Status == (int)HttpStatusCode.RequestedRangeNotSatisfiable)
            {
                // The target is not longer. The answer doesn't describe it.
                return await ProbeAsync(blob, cancellationToken).ConfigureAwait(false) is { } found
                    ? new TargetRead
                    {
                        Stream = Stream.Null,
                        Properties = found,
                        Offset = offset,
                    }
                    : null;
            }
        });
    }

    /// <inheritdoc/>
    public Task<TargetPage?> ListAsync(string uri, TargetListing listing, CancellationToken cancellationToken)
    {
        // Azure can't list from a key on.
        if (listing.After is not null)
            return Task.FromResult<TargetPage?>(null);
        var (folders, continuation) = (listing.Folders, listing.Continuation);
        var prefix = Parse(uri);
        if (prefix.VersionId is not null)
            throw new InvalidReferenceException(uri, "Leave out the versionId of a prefix");
        return client.SendAsync(async container =>
        {
            if (!_listsBlobsOnly && continuation?.StartsWith(OfBlobs, StringComparison.Ordinal) != true)
                try
                {
                    return (TargetPage?)
                        await ListAsync(container, prefix, BlobStates.Version, folders, continuation, cancellationToken)
                            .ConfigureAwait(false);
                }
                catch (RequestFailedException e) when (continuation is null && MayListBlobs(e))
                {
                    _listsBlobsOnly = true;
                }
            return await ListAsync(container, prefix, BlobStates.None, folders, continuation, cancellationToken)
                .ConfigureAwait(false);
        });
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // The client has no resources.
    }

    private static async Task<TargetProperties?> ProbeAsync(BlobBaseClient blob, CancellationToken cancellationToken)
    {
        try
        {
            BlobProperties found = await blob.GetPropertiesAsync(cancellationToken: cancellationToken)
                .ConfigureAwait(false);
            return PropertiesOf(found.ContentLength, found.ETag, found.VersionId);
        }
        catch (RequestFailedException e) when (IsMissing(e))
        {
            return null;
        }
    }

    private static async Task<TargetPage> ListAsync(
        BlobContainerClient container,
        BucketUri prefix,
        BlobStates states,
        bool folders,
        string? continuation,
        CancellationToken cancellationToken
    )
    {
        if (folders)
        {
            var pages = container
                .GetBlobsByHierarchyAsync(BlobTraits.None, states, "/", prefix.Key, cancellationToken)
                .AsPages(continuation?.Substring(1));
            await foreach (var page in pages.WithCancellation(cancellationToken).ConfigureAwait(false))
                return PageOf(
                    page.Values.Where(found => found.IsBlob).Select(found => found.Blob),
                    page.Values.Where(found => found.IsPrefix).Select(found => found.Prefix),
                    NextOf(page.ContinuationToken, states),
                    prefix
                );
        }
        else
        {
            var pages = container
                .GetBlobsAsync(BlobTraits.None, states, prefix.Key, cancellationToken)
                .AsPages(continuation?.Substring(1));
            await foreach (var page in pages.WithCancellation(cancellationToken).ConfigureAwait(false))
                return PageOf(page.Values, [], NextOf(page.ContinuationToken, states), prefix);
        }
        return new TargetPage { Targets = [] };
    }

    private static TargetPage PageOf(
        IEnumerable<BlobItem> blobs,
        IEnumerable<string> folders,
        string? continuation,
        BucketUri prefix
    ) =>
        new()
        {
            Targets = [.. blobs.Where(IsCurrent).Where(IsNoFolder).Select(found => TargetOf(found, prefix))],
            Folders = [.. folders.Select(key => new TargetFolder(prefix.With(key), key.Substring(prefix.Key.Length)))],
            Continuation = continuation,
        };

    private static string? NextOf(string? token, BlobStates states) =>
        token is { Length: > 0 } ? (states == BlobStates.Version ? OfVersions : OfBlobs) + token : null;

    // Accounts without versions have no ids.
    private static bool IsCurrent(BlobItem found) => found.VersionId is null || found.IsLatestVersion == true;

    // Tools create empty blobs as folders.
    private static bool IsNoFolder(BlobItem found) =>
        found.Properties.ContentLength > 0 || !found.Name.EndsWith("/", StringComparison.Ordinal);

    private static ListedTarget TargetOf(BlobItem found, BucketUri prefix) =>
        new(
            prefix.With(found.Name),
            found.Name.Substring(prefix.Key.Length),
            PropertiesOf(found.Properties.ContentLength, found.Properties.ETag, found.VersionId)
        );

    private static TargetProperties PropertiesOf(long? size, ETag? tag, string? versionId) =>
        new()
        {
            Size = size,
            ETag = tag?.ToString("H").Replace("\"", "") is { Length: > 0 } plain ? plain : null,
            VersionId = versionId is { Length: > 0 } ? versionId : null,
        };

    private static BlobBaseClient BlobOf(BlobContainerClient container, BucketUri target, string? versionId)
    {
        var blob = container.GetBlobBaseClient(target.Key);
        return (versionId ?? target.VersionId) is { } version ? blob.WithVersion(version) : blob;
    }

    private static BucketUri Parse(string uri) =>
        BucketUri.Parse(uri).Deeper()
        ?? throw new InvalidReferenceException(uri, "Use the form az://account/container/name");

    // Also in a missing container. Without credentials, "ResourceNotFound" may be the answer for a private container.
    private static bool IsMissing(RequestFailedException e) =>
        e.Status == (int)HttpStatusCode.NotFound && e.ErrorCode != "ResourceNotFound";

    private static bool MayListBlobs(RequestFailedException e) =>
        (HttpStatusCode)e.Status
            is HttpStatusCode.BadRequest
                or HttpStatusCode.Unauthorized
                or HttpStatusCode.Forbidden
                or HttpStatusCode.Conflict
                or HttpStatusCode.NotImplemented
        && e.ErrorCode is not "InvalidHeaderValue";
}
