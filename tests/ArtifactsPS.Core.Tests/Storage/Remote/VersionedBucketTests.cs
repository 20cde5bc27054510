using System.Text;
using ArtifactsPS.Core.Tests.Fixtures;
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

    [Fact]
    public async Task Repair_brings_overwritten_log_back()
    {
        var (address, gateway, bucket) = await CreateAsync();
        using var store = RemoteBuckets.Reopen(address);
        var versions = await VersionStore.OpenAsync(store, Token);
        for (var i = 0; i < 4; i++)
        {
            if (i == 1)
                await gateway.EnableVersioningAsync(bucket);
            await PublishAsync(versions, $"{i}");
        }
        var log = StoreLayout.LogFolder(ArtifactKey.Of(ArtifactName.Parse("m")));
        // Other writers overwrote the second transaction, and deleted the third.
        var second = await store.ReadAllAsync(StoreLayout.NumberedKey(log, 2));
        var other = CatalogTransaction.Decode(SealedRecord.Decode(second)) with { By = "another@machine" };
        await store.ReplaceAsync(StoreLayout.NumberedKey(log, 2), other.Encode(), Token);
        await store.DeleteAsync(StoreLayout.NumberedKey(log, 3), Token);
        foreach (var key in await store.ListAsync("artifacts/m/checkpoints/", Token).ToListAsync(Token))
            await store.DeleteAsync(key.Key, Token);

        var (checker, problems) = await CheckAsync(store);
        Assert.Equal(
            [StoreLayout.NumberedKey(log, 2), StoreLayout.NumberedKey(log, 3)],
            problems.Select(problem => problem.Key).Order(StringComparer.Ordinal)
        );
        Assert.All(problems, problem => Assert.Equal(StoreProblemKind.OlderTransactionNeeded, problem.Kind));
        Assert.All(problems, problem => Assert.True(StoreRepairer.CanRepair(problem)));

        Assert.Empty(
            await new StoreRepairer(store, checker, new TransferProgress()).RepairAsync(problems, null, Token)
        );
        Assert.Equal(second, await store.ReadAllAsync(StoreLayout.NumberedKey(log, 2)));
        Assert.Empty((await CheckAsync(store)).Problems);
        Assert.Equal(3, (await versions.FindAsync(ArtifactReference.Parse("m"), Token)).Record.Number);
    }

    [Theory]
    [InlineData(Service.S3)]
    [InlineData(Service.Azure)]
    public async Task Overwritten_log_without_older_values_is_told_from_damage(Service service)
    {
        using var store = await RemoteBuckets.OpenAsync(service);
        var versions = await VersionStore.CreateAsync(store, Token);
        await PublishAsync(versions, "0");
        await PublishAsync(versions, "1");
        var key = StoreLayout.NumberedKey(StoreLayout.LogFolder(ArtifactKey.Of(ArtifactName.Parse("m"))), 1);
        var first = CatalogTransaction.Decode(SealedRecord.Decode(await store.ReadAllAsync(key)));
        await store.ReplaceAsync(key, (first with { By = "another@machine" }).Encode(), Token);

        var problem = Assert.Single((await CheckAsync(store)).Problems);
        Assert.Equal(StoreProblemKind.TransactionOverwritten, problem.Kind);
        Assert.Contains("overwritten", problem.Message, StringComparison.Ordinal);
        var error = await Assert.ThrowsAsync<ObjectCorruptException>(() =>
            versions.FindAsync(ArtifactReference.Parse("m"), Token)
        );
        Assert.Contains("overwritten", error.Message, StringComparison.Ordinal);
    }

    private static async Task PublishAsync(VersionStore store, string text)
    {
        await using var draft = ArtifactDraft.Begin(store, ArtifactName.Parse("m"), TypeName.Parse("data"), []);
        await draft.AddTextAsync("file", text);
        await draft.PublishAsync();
    }

    private static async Task<(StoreChecker Checker, List<StoreProblem> Problems)> CheckAsync(IObjectStore store)
    {
        var problems = new ResultList<StoreProblem>();
        var checker = new StoreChecker(store, problems, new TransferProgress());
        await checker.CheckAsync(allBytes: false, Token);
        return (checker, [.. problems]);
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

internal static class WholeValues
{
    /// <summary>Reads the value of a key that exists.</summary>
    public static async Task<byte[]> ReadAllAsync(this IObjectStore store, string key)
    {
        using var stream = await store.OpenReadAsync(key, 0, null, Token);
        using var bytes = new MemoryStream();
        await stream!.CopyToAsync(bytes, Token);
        return bytes.ToArray();
    }
}
