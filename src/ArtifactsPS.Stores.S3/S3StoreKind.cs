using Amazon.S3;
using ArtifactsPS.Core.References;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Storage.Kinds;
using ArtifactsPS.Core.Storage.Remote;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Stores.S3;

/// <summary>Stores in S3 and compatible services, at <c>s3://bucket/prefix</c>; targets of references at
/// <c>s3://bucket/key</c>.</summary>
public sealed class S3StoreKind : IStoreKind, IReferenceKind
{
    private const string PartSize = "partSize";
    private const int DefaultPartSize = 8;
    private const int LongestBucket = 255;

    /// <inheritdoc/>
    public IObjectStore Open(StoreAddress address, StoreAccess access)
    {
        var limits = new BucketLimits
        {
            LargestPut = 5L << 30,
            // The service copies 5 GiB, but reports no progress to the time limit of requests.
            LargestCopy = 256 << 20,
            PartSize = (address.NumberOf(PartSize) ?? DefaultPartSize) << 20,
            Parts = 10_000,
        };
        var client = S3Clients.ForStore(address, access.Credential);
        // Created by the first request, which can be cancelled: finding the region may wait for a server that doesn't answer.
        var lazy = new Lazy<IAmazonS3>(client, LazyThreadSafetyMode.PublicationOnly);
        var bucket = new S3Bucket(lazy, address.Root, limits, new S3Errors(address.Root));
        return new BucketObjectStore(bucket, address.ToString(), address.PrefixAfter(0), access.LimitsFor(address));
    }

    /// <inheritdoc/>
    public IReferenceSource OpenReferences(string uri, StoreAccess access)
    {
        var bucket = ServiceOf(uri);
        var address = StoreAddress.Parse($"s3://{bucket}");
        if (access.Neighbour is { } neighbour)
            address = address.With(neighbour.Options);
        return new S3ReferenceSource(bucket, new S3ReferenceClient(address, access.Credential, bucket));
    }

    /// <inheritdoc/>
    public string ServiceOf(string uri)
    {
        // The name of the bucket becomes a part of the server's name.
        var bucket = BucketUri.Parse(uri).Root;
        return
            bucket.Length is > 0 and <= LongestBucket
            && bucket.All(c => c is >= 'a' and <= 'z' or >= 'A' and <= 'Z' or >= '0' and <= '9' or '-' or '.' or '_')
            && bucket[0] != '.'
            && bucket[bucket.Length - 1] != '.'
            ? bucket
            : throw new InvalidReferenceException(
                uri,
                "Use the form s3://bucket/key. The name of a bucket has letters, digits, '-', '.' and '_'"
            );
    }
}
