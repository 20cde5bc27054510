using System.Net;
using Amazon.S3;
using Amazon.S3.Model;
using ArtifactsPS.Core.References;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Stores.S3;

/// <summary>Targets of references in a bucket, at <c>s3://bucket/key?versionId=…</c>.</summary>
internal sealed class S3ReferenceSource(string bucket, S3ReferenceClient client) : BucketReferenceSource<IAmazonS3>
{
    /// <inheritdoc/>
    protected override BucketUri Parse(string uri) => BucketUri.Parse(uri);

    /// <inheritdoc/>
    protected override Task<T> SendAsync<T>(Func<IAmazonS3, Task<T>> request) => client.SendAsync(request);

    /// <inheritdoc/>
    protected override async Task<TargetProperties> DescribeAsync(
        IAmazonS3 client,
        string key,
        string? versionId,
        CancellationToken cancellationToken
    )
    {
        var request = new GetObjectMetadataRequest
        {
            BucketName = bucket,
            Key = key,
            VersionId = versionId,
        };
        var head = await client.GetObjectMetadataAsync(request, cancellationToken).ConfigureAwait(false);
        return PropertiesOf(head.ContentLength, head.ETag, VersionOf(head.VersionId));
    }

    /// <inheritdoc/>
    protected override async Task<TargetRead> ReadAsync(
        IAmazonS3 client,
        string key,
        string? versionId,
        long offset,
        CancellationToken cancellationToken
    )
    {
        var request = new GetObjectRequest
        {
            BucketName = bucket,
            Key = key,
            VersionId = versionId,
            ByteRange = offset > 0 ? new ByteRange($"bytes={offset}-") : null,
        };
        var found = await client.GetObjectAsync(request, cancellationToken).ConfigureAwait(false);
        return new TargetRead
        {
            Stream = found.ResponseStream,
            Properties = PropertiesOf(S3Bucket.TotalOf(found), found.ETag, VersionOf(found.VersionId)),
            Offset = found.ContentRange is null ? 0 : offset,
        };
    }

    // A listing of versions has the same size in a bucket without versioning, so nothing needs to ask for that first.
    /// <inheritdoc/>
    protected override Task<TargetPage> ListAsync(
        IAmazonS3 client,
        BucketUri prefix,
        TargetListing listing,
        bool hasVersions,
        CancellationToken cancellationToken
    ) =>
        hasVersions
            ? ListVersionsAsync(client, prefix, listing, cancellationToken)
            : ListObjectsAsync(client, prefix, listing, cancellationToken);

    // 405 is the answer for a version that is a deletion.
    /// <inheritdoc/>
    protected override bool IsMissing(Exception exception) =>
        exception is AmazonS3Exception { StatusCode: HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed } e
        && !S3Errors.IsFromAzure(e);

    /// <inheritdoc/>
    protected override bool IsBehindEnd(Exception exception) =>
        exception is AmazonS3Exception { StatusCode: HttpStatusCode.RequestedRangeNotSatisfiable };

    /// <inheritdoc/>
    protected override bool MayListCurrent(Exception exception) =>
        exception
            is AmazonS3Exception
            {
                StatusCode: HttpStatusCode.Forbidden
                    or HttpStatusCode.MethodNotAllowed
                    or HttpStatusCode.NotImplemented
                    or HttpStatusCode.BadRequest
            } e
        && S3Errors.RegionOf(e) is null;

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            client.Dispose();
        base.Dispose(disposing);
    }

    private async Task<TargetPage> ListVersionsAsync(
        IAmazonS3 s3,
        BucketUri prefix,
        TargetListing listing,
        CancellationToken cancellationToken
    )
    {
        // A key may have line breaks, an id has none.
        var end = listing.Continuation?.IndexOf('\n') ?? 0;
        var request = new ListVersionsRequest
        {
            BucketName = bucket,
            Prefix = prefix.Key,
            Delimiter = listing.Folders ? "/" : null,
            Encoding = EncodingType.Url,
            KeyMarker = listing.Continuation?.Substring(end + 1) ?? KeyAfter(prefix, listing),
            VersionIdMarker = end > 0 ? listing.Continuation!.Substring(0, end) : null,
        };
        var page = await s3.ListVersionsAsync(request, cancellationToken).ConfigureAwait(false);
        var isEncoded = page.Encoding == EncodingType.Url;
        var last = page.IsTruncated == true ? Decode(page.NextKeyMarker, isEncoded) : null;
        return new TargetPage
        {
            Targets =
            [
                .. (page.Versions ?? [])
                    .Where(found => found.IsLatest == true && found.IsDeleteMarker != true)
                    .Select(found => TargetOf(found, found.VersionId, isEncoded, prefix))
                    .OfType<ListedTarget>(),
            ],
            Folders = FoldersOf(page.CommonPrefixes, isEncoded, prefix),
            Continuation = last is null ? null : $"{page.NextVersionIdMarker}\n{last}",
            // Deleted keys and older versions are no targets.
            Last = last?.Substring(prefix.Key.Length),
        };
    }

    private async Task<TargetPage> ListObjectsAsync(
        IAmazonS3 s3,
        BucketUri prefix,
        TargetListing listing,
        CancellationToken cancellationToken
    )
    {
        var request = new ListObjectsV2Request
        {
            BucketName = bucket,
            Prefix = prefix.Key,
            Delimiter = listing.Folders ? "/" : null,
            Encoding = EncodingType.Url,
            ContinuationToken = listing.Continuation,
            StartAfter = KeyAfter(prefix, listing),
        };
        var page = await s3.ListObjectsV2Async(request, cancellationToken).ConfigureAwait(false);
        var isEncoded = page.Encoding == EncodingType.Url;
        return new TargetPage
        {
            Targets =
            [
                .. (page.S3Objects ?? [])
                    .Select(found => TargetOf(found, versionId: null, isEncoded, prefix))
                    .OfType<ListedTarget>(),
            ],
            Folders = FoldersOf(page.CommonPrefixes, isEncoded, prefix),
            Continuation = page.IsTruncated == true ? page.NextContinuationToken : null,
        };
    }

    private static ListedTarget? TargetOf(S3Object found, string? versionId, bool isEncoded, BucketUri prefix) =>
        TargetOf(prefix, Decode(found.Key, isEncoded), PropertiesOf(found.Size, found.ETag, VersionOf(versionId)));

    private static IReadOnlyList<TargetFolder> FoldersOf(List<string>? keys, bool isEncoded, BucketUri prefix) =>
        FoldersOf(prefix, (keys ?? []).Select(key => Decode(key, isEncoded)));

    private static string? KeyAfter(BucketUri prefix, TargetListing listing) =>
        listing.After is { } after ? prefix.Key + after : null;

    // XML has no form for some characters of keys, so the service sends them as in a query.
    private static string Decode(string text, bool isEncoded) => isEncoded ? WebUtility.UrlDecode(text) : text;

    // The value of a key that was written without versioning can be overwritten.
    private static string? VersionOf(string? id) => id == S3Versions.NoVersion ? null : id;
}
