using System.Net;
using Amazon.Runtime;
using Amazon.S3;
using ArtifactsPS.Core.Storage.Kinds;

namespace ArtifactsPS.Stores.S3;

/// <summary>Client for targets of references in a bucket. It is created by the first request, and again for the region that the
/// service names as the bucket's.</summary>
internal sealed class S3ReferenceClient(StoreAddress address, NetworkCredential? credential, string bucket)
    : IDisposable
{
    private readonly object _lock = new();
    private readonly S3ReferenceErrors _errors = new(bucket);
    private AmazonS3Client? _client;

    /// <summary>Sends a request, and again if the bucket is in another region.</summary>
    public Task<T> SendAsync<T>(Func<IAmazonS3, Task<T>> request) =>
        _errors.MappedAsync(async () =>
        {
            var client = Open();
            try
            {
                return await request(client).ConfigureAwait(false);
            }
            catch (AmazonServiceException e) when (S3Errors.RegionOf(e) is { } region && region != RegionOf(client))
            {
                return await request(OpenIn(region, client)).ConfigureAwait(false);
            }
        });

    public void Dispose()
    {
        lock (_lock)
            _client?.Dispose();
    }

    private AmazonS3Client Open()
    {
        lock (_lock)
            return _client ??= Create(region: null);
    }

    // Requests of the replaced client may be running.
    private AmazonS3Client OpenIn(string region, AmazonS3Client failed)
    {
        lock (_lock)
            return _client = _client == failed ? Create(region) : _client!;
    }

    private AmazonS3Client Create(string? region)
    {
        var (client, isAnonymous) = S3Clients.ForReferences(address, credential, region);
        _errors.IsAnonymous = isAnonymous;
        return client;
    }

    private static string? RegionOf(AmazonS3Client client) =>
        client.Config.AuthenticationRegion is { Length: > 0 } region
            ? region
            : client.Config.RegionEndpoint?.SystemName;
}
