using System.Net;
using Amazon.S3;
using Amazon.S3.Model;
using ArtifactsPS.Core.References;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Stores.S3;

/// <summary>Targets of references in a bucket, at <c>s3://bucket/key?versionId=…</c>.</summary>
internal sealed class S3ReferenceSource(string bucket, S3ReferenceClient client) : IReferenceSource
{
    // Continuations of the two kinds of listing.
    private const string OfVersions = "v";
    private const string OfObjects = "o";

    // Set when this user or the service can't list versions.
    private volatile bool _listsObjectsOnly;

    /// <inheritdoc/>
    public Task<TargetProperties?> ProbeAsync(string uri, string? versionId, CancellationToken cancellationToken)
    {
        var target = BucketUri.Parse(uri);
        if (target.Key.Length == 0)
            return Task.FromResult<TargetProperties?>(null);
        return client.SendAsync(s3 => ProbeAsync(s3, target, versionId, cancellationToken));
    }

    /// <inheritdoc/>
    public Task<TargetRead?> OpenAsync(string uri, string? versionId, long offset, CancellationToken cancellationToken)
    {
        var target = BucketUri.Parse(uri);
        if (target.Key.Length == 0)
            return Task.FromResult<TargetRead?>(null);
        var request = new GetObjectRequest
        {
            BucketName = bucket,
            Key = target.Key,
            VersionId = versionId ?? target.VersionId,
            ByteRange = offset > 0 ? new ByteRange($"bytes={offset}-") : null,
        };
        return client.SendAsync(async s3 =>
        {
            try
            {
                var found = await s3.GetObjectAsync(request, cancellationToken).ConfigureAwait(false);
                return new TargetRead
                {
                    Stream = found.ResponseStream,
                    Properties = PropertiesOf(S3Bucket.TotalOf(found), found.ETag, found.VersionId),
                    Offset = found.ContentRange is null ? 0 : offset,
                };
            }
            catch (AmazonS3Exception e) when (IsMissing(e))
            {
                return null;
            }
            catch (AmazonS3Exception e) when (e.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
            {
                // The target is not longer. The answer doesn't describe it.
                return await ProbeAsync(s3, target, versionId, cancellationToken).ConfigureAwait(false) is { } found
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
        var continuation = listing.Continuation;
        var prefix = BucketUri.Parse(uri);
        if (prefix.VersionId is not null)
            throw new InvalidReferenceException(uri, "Leave out the versionId of a prefix");
        return client.SendAsync(async s3 =>
        {
            if (!_listsObjectsOnly && continuation?.StartsWith(OfObjects, StringComparison.Ordinal) != true)
                try
                {
                    return (TargetPage?)
                        await ListVersionsAsync(s3, prefix, listing, cancellationToken).ConfigureAwait(false);
                }
                catch (AmazonS3Exception e) when (continuation is null && MayListObjects(e))
                {
                    _listsObjectsOnly = true;
                }
            return await ListObjectsAsync(s3, prefix, listing, cancellationToken).ConfigureAwait(false);
        });
    }

    /// <inheritdoc/>
    public void Dispose() => client.Dispose();

    private async Task<TargetProperties?> ProbeAsync(
        IAmazonS3 s3,
        BucketUri target,
        string? versionId,
        CancellationToken cancellationToken
    )
    {
        var request = new GetObjectMetadataRequest
        {
            BucketName = bucket,
            Key = target.Key,
            VersionId = versionId ?? target.VersionId,
        };
        try
        {
            var head = await s3.GetObjectMetadataAsync(request, cancellationToken).ConfigureAwait(false);
            return PropertiesOf(head.ContentLength, head.ETag, head.VersionId);
        }
        catch (AmazonS3Exception e) when (IsMissing(e))
        {
            return null;
        }
    }

    // A listing of versions has the same size in a bucket without versioning, so nothing needs to ask for that first.
    private async Task<TargetPage> ListVersionsAsync(
        IAmazonS3 s3,
        BucketUri prefix,
        TargetListing listing,
        CancellationToken cancellationToken
    )
    {
        var continuation = listing.Continuation;
        // A key may have line breaks, an id has none.
        var end = continuation?.IndexOf('\n') ?? 0;
        var request = new ListVersionsRequest
        {
            BucketName = bucket,
            Prefix = prefix.Key,
            Delimiter = listing.Folders ? "/" : null,
            Encoding = EncodingType.Url,
            KeyMarker = continuation?.Substring(end + 1) ?? KeyAfter(prefix, listing),
            VersionIdMarker =
                end > OfVersions.Length ? continuation!.Substring(OfVersions.Length, end - OfVersions.Length) : null,
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
            Continuation = last is null ? null : $"{OfVersions}{page.NextVersionIdMarker}\n{last}",
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
            ContinuationToken = listing.Continuation?.Substring(OfObjects.Length),
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
            Continuation = page.IsTruncated == true ? OfObjects + page.NextContinuationToken : null,
        };
    }

    // Null for an empty object that a tool has created as a folder.
    private static ListedTarget? TargetOf(S3Object found, string? versionId, bool isEncoded, BucketUri prefix)
    {
        var key = Decode(found.Key, isEncoded);
        return found.Size is null or 0 && key.EndsWith("/", StringComparison.Ordinal)
            ? null
            : new ListedTarget(
                prefix.With(key),
                key.Substring(prefix.Key.Length),
                PropertiesOf(found.Size, found.ETag, versionId)
            );
    }

    private static List<TargetFolder> FoldersOf(List<string>? prefixes, bool isEncoded, BucketUri prefix) =>
        [
            .. (prefixes ?? [])
                .Select(found => Decode(found, isEncoded))
                .Select(key => new TargetFolder(prefix.With(key), key.Substring(prefix.Key.Length))),
        ];

    private static string? KeyAfter(BucketUri prefix, TargetListing listing) =>
        listing.After is { } after ? prefix.Key + after : null;

    // XML has no form for some characters of keys, so the service sends them as in a query.
    private static string Decode(string text, bool isEncoded) => isEncoded ? WebUtility.UrlDecode(text) : text;

    private static TargetProperties PropertiesOf(long? size, string? tag, string? versionId) =>
        new()
        {
            Size = size,
            ETag = tag?.Replace("\"", "") is { Length: > 0 } plain ? plain : null,
            // The value of a key that was written without versioning can be overwritten.
            VersionId = versionId is null or "" or S3Versions.NoVersion ? null : versionId,
        };

    // 405 is the answer for a version that is a deletion.
    private static bool IsMissing(AmazonS3Exception e) =>
        e.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed && !S3Errors.IsFromAzure(e);

    private static bool MayListObjects(AmazonS3Exception e) =>
        e.StatusCode
            is HttpStatusCode.Forbidden
                or HttpStatusCode.MethodNotAllowed
                or HttpStatusCode.NotImplemented
                or HttpStatusCode.BadRequest
        && S3Errors.RegionOf(e) is null;
}
