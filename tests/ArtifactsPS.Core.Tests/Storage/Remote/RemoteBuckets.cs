using System.Net;
using ArtifactsPS.Stores.AzureBlob;
using ArtifactsPS.Stores.S3;
using ArtifactsPS.Tests.Servers;

[assembly: AssemblyFixture(typeof(TestServers))]

namespace ArtifactsPS.Core.Tests.Storage.Remote;

/// <summary>A service that the tests have stores on.</summary>
public enum Service
{
    S3,
    Azure,
}

/// <summary>Opens places for stores on real servers, each below a prefix of its own.</summary>
internal static class RemoteBuckets
{
    private const int RetriesPerTimeLimit = 4;

    /// <summary>Opens an empty place. A test that asks is skipped where there is no such server.</summary>
    /// <param name="service">The service.</param>
    /// <param name="port">Where to reach it, if not directly.</param>
    /// <param name="options">What its locations are told besides.</param>
    /// <param name="timeLimit">For so long a request may make no progress.</param>
    public static async Task<BucketObjectStore> OpenAsync(
        Service service,
        int? port = null,
        string options = "",
        TimeSpan? timeLimit = null
    )
    {
        var (address, _) = await LocateAsync(service, port);
        return Reopen(StoreAddress.Parse($"{address}{options}"), timeLimit);
    }

    /// <summary>Opens a place again, by its address or one that leads to the same.</summary>
    public static BucketObjectStore Reopen(
        StoreAddress address,
        TimeSpan? timeLimit = null,
        TimeSpan? retryLimit = null,
        TimeProvider? time = null
    )
    {
        var service = address.Scheme == "s3" ? Service.S3 : Service.Azure;
        var access = new StoreAccess
        {
            Credential = CredentialOf(service),
            TimeLimit = timeLimit,
            // A test with a short time limit also retries for a short time.
            RetryLimit = retryLimit ?? (timeLimit is null ? null : RetriesPerTimeLimit * timeLimit),
            Time = time ?? TimeProvider.System,
        };
        return (BucketObjectStore)KindOf(service).Open(address, access);
    }

    /// <summary>Opens a place again, by way of a proxy.</summary>
    public static BucketObjectStore Through(FaultProxy proxy, BucketObjectStore direct, TimeSpan? timeLimit = null)
    {
        var address = StoreAddress.Parse(direct.Location);
        var server = new UriBuilder(address.ServerOf("endpoint")!) { Port = proxy.Port };
        return Reopen(address.With([new("endpoint", server.Uri.ToString())]), timeLimit);
    }

    /// <summary>Who may write there.</summary>
    public static NetworkCredential CredentialOf(Service service) =>
        service == Service.S3
            ? new NetworkCredential(RadosGateway.AccessKey, RadosGateway.SecretKey)
            : new NetworkCredential(Azurite.Account, Azurite.Key);

    /// <summary>The address of an empty place, and who may write there.</summary>
    public static async Task<(StoreAddress Address, NetworkCredential Credential)> LocateAsync(
        Service service,
        int? port = null
    )
    {
        var server = await EndpointAsync(service, port);
        var prefix = Guid.NewGuid().ToString("N");
        var address =
            service == Service.S3
                ? $"s3://{RadosGateway.Bucket}/{prefix}?endpoint={server}"
                : $"az://{Azurite.Account}/{Azurite.Container}/{prefix}?endpoint={server}&apiVersion={Azurite.ApiVersion}";
        return (StoreAddress.Parse(address), CredentialOf(service));
    }

    /// <summary>Deletes all keys, and says what was left that was begun and not committed.</summary>
    public static async Task<List<StoredKey>> EmptyAsync(BucketObjectStore store)
    {
        await Parallel.ForEachAsync(
            await store.ListAsync("", Token).ToListAsync(Token),
            new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = Token },
            async (key, token) => await store.DeleteAsync(key.Key, token)
        );
        return await store.ListStagedAsync(Token).ToListAsync(Token);
    }

    /// <summary>The port of a service itself.</summary>
    public static async Task<int> PortAsync(Service service) =>
        service == Service.S3 ? (await TestServers.S3Async()).Port : (await TestServers.AzureAsync()).Port;

    private static IStoreKind KindOf(Service service) =>
        service == Service.S3 ? new S3StoreKind() : new AzureBlobStoreKind();

    private static async Task<string> EndpointAsync(Service service, int? port) =>
        service == Service.S3
            ? (await TestServers.S3Async()).Endpoint(port)
            : (await TestServers.AzureAsync()).Endpoint(port);
}
