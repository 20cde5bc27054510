using System.Net;
using Amazon;
using Amazon.Runtime;
using Amazon.Runtime.CredentialManagement;
using Amazon.S3;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Storage.Kinds;
using ArtifactsPS.Core.Storage.Remote;

namespace ArtifactsPS.Stores.S3;

/// <summary>Stores in S3 and compatible services, at <c>s3://bucket/prefix</c>.</summary>
public sealed class S3StoreKind : IStoreKind
{
    private const string Endpoint = "endpoint";
    private const string Region = "region";
    private const string PathStyle = "pathStyle";
    private const string Profile = "profile";
    private const string PartSize = "partSize";
    private const int DefaultPartSize = 8;

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
        var client = Client(address, access.Credential);
        // Created by the first request, which can be cancelled: finding the region may wait for a server that doesn't answer.
        var lazy = new Lazy<IAmazonS3>(client, LazyThreadSafetyMode.PublicationOnly);
        var bucket = new S3Bucket(lazy, address.Root, limits, new S3Errors(address.Root));
        return new BucketObjectStore(bucket, address.ToString(), address.PrefixAfter(0), access.LimitsFor(address));
    }

    private static Func<AmazonS3Client> Client(StoreAddress address, NetworkCredential? credential)
    {
        var config = new AmazonS3Config
        {
            // The SDK sends each request once. Core decides about retries.
            MaxErrorRetry = 0,
            MaxStaleConnectionRetries = 0,
            Timeout = TimeSpan.FromDays(1),
            HttpClientFactory = new SharedClient(),
            // Compatible servers reject the checksums. TLS and the signature protect the bytes.
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
        };
        if (address.ServerOf(Endpoint) is { } server)
        {
            config.ServiceURL = server.ToString();
            config.AuthenticationRegion = address.Options.TryGetValue(Region, out var name) ? name : "us-east-1";
        }
        else if (address.Options.TryGetValue(Region, out var region))
            config.RegionEndpoint = RegionEndpoint.GetBySystemName(region);
        // Other servers seldom have a host name for each bucket.
        config.ForcePathStyle = address.FlagOf(PathStyle) ?? config.ServiceURL is not null;
        // Reading the region from the configuration would start the search for it.
        var needsRegion = !address.Options.ContainsKey(Region) && address.ServerOf(Endpoint) is null;
        if (credential is not null)
            return () => Create(config, needsRegion, new BasicAWSCredentials(credential.UserName, credential.Password));
        if (!address.Options.TryGetValue(Profile, out var profile))
            return () => Create(config, needsRegion, credentials: null);
        if (!new CredentialProfileStoreChain().TryGetAWSCredentials(profile, out var found))
            throw address.Invalid(
                $"no profile '{profile}' is in the credentials file or the configuration file of AWS's tools"
            );
        return () => Create(config, needsRegion, found);
    }

    private static AmazonS3Client Create(AmazonS3Config config, bool needsRegion, AWSCredentials? credentials)
    {
        var needsCredentials = credentials is null && S3Machine.IsLastToHaveCredentials();
        if (
            (needsCredentials || (needsRegion && S3Machine.IsLastToHaveRegion()))
#pragma warning disable VSTHRD002 // Runs on the pool; a cancelled command does not wait for it.
            && !S3Machine.AnswersAsync(CancellationToken.None).GetAwaiter().GetResult()
#pragma warning restore VSTHRD002
        )
            throw needsCredentials ? S3Errors.NoCredentials() : S3Errors.NoRegion();
        return credentials is null ? new AmazonS3Client(config) : new AmazonS3Client(credentials, config);
    }

    private sealed class SharedClient : HttpClientFactory
    {
        public override HttpClient CreateHttpClient(IClientConfig clientConfig) => BucketHttp.Client;

        public override bool UseSDKHttpClientCaching(IClientConfig clientConfig) => false;

        public override bool DisposeHttpClientsAfterUse(IClientConfig clientConfig) => false;
    }
}
