using System.Net;
using Amazon;
using Amazon.Runtime;
using Amazon.Runtime.CredentialManagement;
using Amazon.S3;
using ArtifactsPS.Core.Storage.Kinds;
using ArtifactsPS.Core.Storage.Remote;

namespace ArtifactsPS.Stores.S3;

/// <summary>Stores at <c>s3://bucket/prefix</c>.</summary>
public sealed class S3StoreKind : IStoreKind
{
    private const string Endpoint = "endpoint";
    private const string Region = "region";
    private const string PathStyle = "pathStyle";
    private const string Profile = "profile";
    private const string PartSize = "partSize";
    private const int DefaultPartSize = 8;

    /// <inheritdoc/>
    public string Scheme => "s3";

    /// <inheritdoc/>
    public IReadOnlyCollection<string> Options => [Endpoint, Region, PathStyle, Profile, PartSize];

    /// <inheritdoc/>
    public IReadOnlyCollection<string> Variables =>
        [
            "AWS_ACCESS_KEY_ID",
            "AWS_SECRET_ACCESS_KEY",
            "AWS_SESSION_TOKEN",
            "AWS_PROFILE",
            "AWS_REGION",
            "AWS_DEFAULT_REGION",
            "AWS_ENDPOINT_URL",
            "AWS_ENDPOINT_URL_S3",
            "AWS_CONFIG_FILE",
            "AWS_SHARED_CREDENTIALS_FILE",
            "AWS_ROLE_ARN",
            "AWS_WEB_IDENTITY_TOKEN_FILE",
        ];

    /// <inheritdoc/>
    public (IBucket Bucket, string Prefix) Open(StoreAddress address, NetworkCredential? credential)
    {
        var limits = new BucketLimits
        {
            LargestPut = 5L << 30,
            PartSize = (address.NumberOf(PartSize, 5, 1024) ?? DefaultPartSize) << 20,
            Parts = 10_000,
        };
        var client = Client(address, credential);
        // Made by the first call, which can be stopped: to find out the region it may ask what doesn't answer.
        var lazy = new Lazy<IAmazonS3>(client, LazyThreadSafetyMode.PublicationOnly);
        return (new S3Bucket(lazy, address.Root, limits, new S3Errors(address.Root)), address.PrefixAfter(0));
    }

    private static Func<AmazonS3Client> Client(StoreAddress address, NetworkCredential? credential)
    {
        var config = new AmazonS3Config
        {
            // Each request is sent once: whether it may be sent again is decided above.
            MaxErrorRetry = 0,
            MaxStaleConnectionRetries = 0,
            Timeout = TimeSpan.FromDays(1),
            HttpClientFactory = new SharedClient(),
            // What other servers than the first of its kind don't know; TLS and the signature guard what is sent.
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
        // Servers of one's own seldom have a name for each bucket.
        config.ForcePathStyle = address.FlagOf(PathStyle) ?? config.ServiceURL is not null;
        // To look at it in the configuration would be to look for it.
        var needsRegion = !address.Options.ContainsKey(Region) && address.ServerOf(Endpoint) is null;
        if (credential is not null)
            return () => Make(config, needsRegion, new BasicAWSCredentials(credential.UserName, credential.Password));
        if (!address.Options.TryGetValue(Profile, out var profile))
            return () => Make(config, needsRegion, credentials: null);
        if (!new CredentialProfileStoreChain().TryGetAWSCredentials(profile, out var found))
            throw address.Invalid(
                $"no profile '{profile}' is in the credentials file or the configuration file of AWS's tools"
            );
        return () => Make(config, needsRegion, found);
    }

    private static AmazonS3Client Make(AmazonS3Config config, bool needsRegion, AWSCredentials? credentials)
    {
        var asksWho = credentials is null && S3Machine.IsLastToHaveCredentials();
        if (
            (asksWho || (needsRegion && S3Machine.IsLastToHaveRegion()))
#pragma warning disable VSTHRD002 // On the pool, by a call that isn't waited for once it is stopped.
            && !S3Machine.AnswersAsync(CancellationToken.None).GetAwaiter().GetResult()
#pragma warning restore VSTHRD002
        )
            throw asksWho ? S3Errors.NoCredentials() : S3Errors.NoRegion();
        return credentials is null ? new AmazonS3Client(config) : new AmazonS3Client(credentials, config);
    }

    private sealed class SharedClient : HttpClientFactory
    {
        public override HttpClient CreateHttpClient(IClientConfig clientConfig) => BucketHttp.Client;

        public override bool UseSDKHttpClientCaching(IClientConfig clientConfig) => false;

        public override bool DisposeHttpClientsAfterUse(IClientConfig clientConfig) => false;
    }
}
