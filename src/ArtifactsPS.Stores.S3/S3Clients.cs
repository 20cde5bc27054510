using System.Net;
using Amazon;
using Amazon.Runtime;
using Amazon.Runtime.CredentialManagement;
using Amazon.Runtime.Credentials;
using Amazon.S3;
using ArtifactsPS.Core.Storage.Kinds;
using ArtifactsPS.Core.Storage.Remote;

namespace ArtifactsPS.Stores.S3;

/// <summary>Creates clients from the options of a location, and from the user's credential or the one that the SDK finds.</summary>
internal static class S3Clients
{
    internal const string Endpoint = "endpoint";
    internal const string Region = "region";
    private const string PathStyle = "pathStyle";
    private const string Profile = "profile";

    // 200 MB are sent by 1,700 system calls; with the SDK's default, by 25,700.
    private const int SendBuffer = 128 << 10;

    // Buckets elsewhere name their region in the answer.
    private const string FirstRegion = "us-east-1";

    /// <summary>Prepares a client for a store. Creating it may ask the metadata service of the machine.</summary>
    /// <exception cref="Core.Storage.InvalidStoreLocationException">The profile is missing.</exception>
    public static Func<AmazonS3Client> ForStore(StoreAddress address, NetworkCredential? credential)
    {
        var config = ConfigOf(address);
        // Reading the region from the configuration would start the search for it.
        var needsRegion = !address.Options.ContainsKey(Region) && config.ServiceURL is null;
        var given = Given(address, credential);
        return () =>
        {
            var needsCredentials = given is null && S3Machine.IsLastToHaveCredentials();
            if ((needsCredentials || (needsRegion && S3Machine.IsLastToHaveRegion())) && !MachineAnswers())
                throw needsCredentials ? S3Errors.NoCredentials() : S3Errors.NoRegion();
            return given is null ? new AmazonS3Client(config) : new AmazonS3Client(given, config);
        };
    }

    /// <summary>Creates a client for targets of references: without credentials where none are found. May ask the metadata service
    /// of the machine.</summary>
    /// <param name="region">Region that the service has named; null for the one of the user.</param>
    /// <exception cref="Core.Storage.InvalidStoreLocationException">The profile is missing.</exception>
    public static (AmazonS3Client Client, bool IsAnonymous) ForReferences(
        StoreAddress address,
        NetworkCredential? credential,
        string? region
    )
    {
        var config = ConfigOf(address);
        // Setting a region endpoint would replace the server.
        var hasServer = config.ServiceURL is not null;
        if (region is null && !hasServer && !address.Options.ContainsKey(Region) && S3Machine.IsLastToHaveRegion())
            region = MachineAnswers() ? null : FirstRegion;
        if (region is not null && hasServer)
            config.AuthenticationRegion = region;
        else if (region is not null)
            config.RegionEndpoint = RegionEndpoint.GetBySystemName(region);
        if (Given(address, credential) is { } given)
            return (new AmazonS3Client(given, config), false);
        return FindsCredentials()
            ? (new AmazonS3Client(config), false)
            : (new AmazonS3Client(new AnonymousAWSCredentials(), config), true);
    }

    private static AmazonS3Config ConfigOf(StoreAddress address)
    {
        // The SDK remembers the first region of the environment.
        FallbackRegionFactory.Reset();
        var config = new AmazonS3Config
        {
            // The SDK sends each request once. Core decides about retries.
            MaxErrorRetry = 0,
            MaxStaleConnectionRetries = 0,
            Timeout = TimeSpan.FromDays(1),
            HttpClientFactory = new SharedClient(),
            BufferSize = SendBuffer,
            // Compatible servers reject the checksums. TLS and the signature protect the bytes.
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
        };
        address.Options.TryGetValue(Region, out var region);
        // A server from the environment is lost when a client finds its region, unless it is set.
        if (address.ServerOf(Endpoint) is { } server)
        {
            config.ServiceURL = server.ToString();
            config.AuthenticationRegion = region ?? FirstRegion;
        }
        else if (config.ServiceURL is { } found)
        {
            config.ServiceURL = found;
            config.AuthenticationRegion =
                region ?? FallbackRegionFactory.GetRegionEndpoint(false)?.SystemName ?? FirstRegion;
        }
        else if (region is not null)
            config.RegionEndpoint = RegionEndpoint.GetBySystemName(region);
        // Other servers seldom have a host name for each bucket.
        config.ForcePathStyle = address.FlagOf(PathStyle) ?? config.ServiceURL is not null;
        return config;
    }

    private static AWSCredentials? Given(StoreAddress address, NetworkCredential? credential)
    {
        if (credential is not null)
            return new BasicAWSCredentials(credential.UserName, credential.Password);
        if (!address.Options.TryGetValue(Profile, out var profile))
            return null;
        return new CredentialProfileStoreChain().TryGetAWSCredentials(profile, out var found)
            ? found
            : throw address.Invalid(
                $"no profile '{profile}' is in the credentials file or the configuration file of AWS's tools"
            );
    }

    // A machine without a role answers, too.
    private static bool FindsCredentials()
    {
        if (!S3Machine.IsLastToHaveCredentials())
            return true;
        if (!MachineAnswers())
            return false;
        try
        {
            return DefaultAWSCredentialsIdentityResolver.GetCredentials().GetCredentials() is not null;
        }
        catch (Exception e) when (e is AmazonClientException or AmazonServiceException)
        {
            return false;
        }
    }

#pragma warning disable VSTHRD002 // Runs on the pool; a cancelled command does not wait for it.
    private static bool MachineAnswers() => S3Machine.AnswersAsync(CancellationToken.None).GetAwaiter().GetResult();
#pragma warning restore VSTHRD002

    private sealed class SharedClient : HttpClientFactory
    {
        public override HttpClient CreateHttpClient(IClientConfig clientConfig) => BucketHttp.Client;

        public override bool UseSDKHttpClientCaching(IClientConfig clientConfig) => false;

        public override bool DisposeHttpClientsAfterUse(IClientConfig clientConfig) => false;
    }
}
