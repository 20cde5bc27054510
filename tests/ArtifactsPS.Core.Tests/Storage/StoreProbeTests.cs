using System.Net;
using ArtifactsPS.Stores.S3;
using ArtifactsPS.Tests.Servers;

namespace ArtifactsPS.Core.Tests.Storage;

/// <summary>Services that can't be a store are found out when one is made.</summary>
public sealed class StoreProbeTests
{
    [Fact]
    public async Task Overwriting_service_is_refused()
    {
        using var server = new IncompleteS3Server { Overwrites = true };
        var failure = await Assert.ThrowsAsync<StoreNotSupportedException>(() => MakeAsync(server));
        Assert.Contains("overwrites", failure.Message, StringComparison.Ordinal);
        Assert.Contains("If-None-Match", failure.Message, StringComparison.Ordinal);
        Assert.Empty(server.Keys);
    }

    [Fact]
    public async Task Service_without_metadata_is_refused()
    {
        using var server = new IncompleteS3Server { ForgetsMetadata = true };
        var failure = await Assert.ThrowsAsync<StoreNotSupportedException>(() => MakeAsync(server));
        Assert.Contains("metadata", failure.Message, StringComparison.Ordinal);
        Assert.Empty(server.Keys);
    }

    [Fact]
    public async Task Service_without_conditions_is_refused()
    {
        using var server = new IncompleteS3Server { RefusesConditions = true };
        var failure = await Assert.ThrowsAsync<StoreUnavailableException>(() => MakeAsync(server));
        Assert.Contains("can't do what a store needs", failure.Message, StringComparison.Ordinal);
        Assert.Empty(server.Keys);
    }

    [Fact]
    public async Task Service_honouring_create_if_absent_is_accepted()
    {
        using var server = new IncompleteS3Server();
        await MakeAsync(server);
        Assert.Equal(["/bucket/prefix/store.json"], server.Keys);
    }

    private static async Task MakeAsync(IncompleteS3Server server)
    {
        var address = StoreAddress.Parse($"s3://bucket/prefix?endpoint={server.Endpoint}");
        var access = new StoreAccess { Credential = new NetworkCredential("user", "secret") };
        using var store = (BucketObjectStore)new S3StoreKind().Open(address, access);
        await VersionStore.CreateAsync(store, Token);
    }
}
