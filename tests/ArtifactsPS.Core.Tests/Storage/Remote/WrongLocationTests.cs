using System.Diagnostics;
using System.Net;
using ArtifactsPS.Stores.AzureBlob;
using ArtifactsPS.Stores.S3;
using ArtifactsPS.Tests.Servers;

namespace ArtifactsPS.Core.Tests.Storage.Remote;

/// <summary>Mistakes in locations and credentials. Each is reported at once, with the place of the mistake.</summary>
public sealed class WrongLocationTests
{
    private static readonly TimeSpan AtOnce = TimeSpan.FromSeconds(2);

    [Fact]
    public async Task Endpoint_of_S3_for_Azure_is_named()
    {
        var gateway = await TestServers.S3Async();
        await AssertAsync(
            $"az://{Azurite.Account}/{Azurite.Container}?endpoint={gateway.Endpoint()}/{Azurite.Account}",
            "not Azure Blob Storage"
        );
    }

    [Fact]
    public async Task Endpoint_of_Azure_for_S3_is_named()
    {
        var azure = await TestServers.AzureAsync();
        await AssertAsync($"s3://bucket/p?endpoint=http://127.0.0.1:{azure.Port}", "not S3 but Azure Blob Storage");
        await AssertAsync($"s3://bucket/p?endpoint={azure.Endpoint()}", "not S3 but Azure Blob Storage");
    }

    [Fact]
    public async Task Endpoint_of_Azure_without_account_is_named()
    {
        var azure = await TestServers.AzureAsync();
        await AssertAsync(
            $"az://{Azurite.Account}/{Azurite.Container}?endpoint=http://127.0.0.1:{azure.Port}",
            $"?endpoint=http://127.0.0.1:{azure.Port}/{Azurite.Account}"
        );
    }

    [Fact]
    public async Task Wrong_key_on_Azure_is_named()
    {
        var azure = await TestServers.AzureAsync();
        await AssertAsync(
            $"az://{Azurite.Account}/{Azurite.Container}?endpoint={azure.Endpoint()}",
            "key is wrong",
            new NetworkCredential(Azurite.Account, Convert.ToBase64String(new byte[64]))
        );
    }

    [Theory]
    [InlineData("s3://bucket?endpoint=http://no-such-host.invalid")]
    [InlineData("az://account/container?endpoint=http://no-such-host.invalid")]
    public Task Mistyped_host_is_named(string location) =>
        AssertAsync(location, "no-such-host.invalid", new NetworkCredential("account", "c2VjcmV0"));

    private static async Task AssertAsync(string location, string expected, NetworkCredential? credential = null)
    {
        var isS3 = location.StartsWith("s3", StringComparison.Ordinal);
        if (!isS3 && !location.Contains("apiVersion", StringComparison.Ordinal))
            location += $"&apiVersion={Azurite.ApiVersion}";
        var access = new StoreAccess
        {
            Credential = credential ?? RemoteBuckets.CredentialOf(isS3 ? Service.S3 : Service.Azure),
        };
        IStoreKind kind = isS3 ? new S3StoreKind() : new AzureBlobStoreKind();
        var store = kind.Open(StoreAddress.Parse(location), access);
        foreach (
            var work in new Func<Task>[]
            {
                () => VersionStore.OpenAsync(store, Token),
                () => VersionStore.CreateAsync(store, Token),
            }
        )
        {
            var watch = Stopwatch.StartNew();
            var error = await Assert.ThrowsAsync<StoreUnavailableException>(work);
            Assert.True(error.Message.Contains(expected, StringComparison.Ordinal), error.Message);
            Assert.InRange(watch.Elapsed, TimeSpan.Zero, AtOnce);
        }
    }
}
