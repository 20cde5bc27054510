using System.Text;
using ArtifactsPS.Tests.Servers;

namespace ArtifactsPS.Core.Tests.Storage.Remote;

/// <summary>A bucket of Ceph whose versioning is switched on after the store was created. Ceph then ignores If-None-Match.</summary>
public sealed class VersionedBucketTests
{
    private const string Key = "artifacts/m/log/000000000001.json";

    [Fact]
    public async Task First_creation_of_a_process_is_refused()
    {
        var (address, gateway, bucket) = await CreateAsync();
        await gateway.EnableVersioningAsync(bucket);
        using var store = RemoteBuckets.Reopen(address);
        await Assert.ThrowsAsync<StoreNotSupportedException>(() => PutAsync(store, "value"));
        Assert.Null(await ReadAsync(store));
        await Assert.ThrowsAsync<StoreNotSupportedException>(() => store.ProbeAsync(Token));
    }

    [Fact]
    public async Task Overwritten_record_is_current_again()
    {
        var (address, gateway, bucket) = await CreateAsync();
        // Both processes have checked the service before.
        using var first = RemoteBuckets.Reopen(address);
        using var second = RemoteBuckets.Reopen(address);
        await first.TryCreateAsync("other", Encoding.UTF8.GetBytes("1"), Token);
        await second.TryCreateAsync("other", Encoding.UTF8.GetBytes("2"), Token);
        await gateway.EnableVersioningAsync(bucket);
        Assert.True(await PutAsync(first, "first"));
        var error = await Assert.ThrowsAsync<StoreNotSupportedException>(() => PutAsync(second, "second"));
        Assert.Contains(Key, error.Message, StringComparison.Ordinal);
        Assert.Contains("versioning", error.Message, StringComparison.Ordinal);
        Assert.Equal("first", await ReadAsync(first));
    }

    private static async Task<(StoreAddress Address, RadosGateway Gateway, string Bucket)> CreateAsync()
    {
        var gateway = await TestServers.S3Async();
        var bucket = $"versioned-{Guid.NewGuid():N}";
        await gateway.MakeBucketAsync(bucket);
        var address = StoreAddress.Parse($"s3://{bucket}/p?endpoint={gateway.Endpoint()}");
        using var store = RemoteBuckets.Reopen(address);
        await VersionStore.CreateAsync(store, Token);
        return (address, gateway, bucket);
    }

    private static Task<bool> PutAsync(IObjectStore store, string text) =>
        store.TryCreateAsync(Key, Encoding.UTF8.GetBytes(text), Token);

    private static async Task<string?> ReadAsync(IObjectStore store)
    {
        using var stream = await store.OpenReadAsync(Key, 0, null, Token);
        if (stream is null)
            return null;
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync(Token);
    }
}
