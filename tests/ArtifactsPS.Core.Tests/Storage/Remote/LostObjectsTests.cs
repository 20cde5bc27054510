using ArtifactsPS.Core.Tests.Fixtures;

namespace ArtifactsPS.Core.Tests.Storage.Remote;

public sealed class S3LostObjectsTests() : LostObjectsTests(Service.S3);

public sealed class AzureLostObjectsTests() : LostObjectsTests(Service.Azure);

/// <summary>A machine whose cache has all objects, which were deleted in the bucket.</summary>
public abstract class LostObjectsTests(Service service)
{
    [Fact]
    public async Task Warm_machine_publishes_nothing_on_lost_objects()
    {
        using var bucket = await RemoteBuckets.OpenAsync(service);
        using var cache = new TemporaryFolder();
        var store = await VersionStore.CreateAsync(CachingMachine.Over(bucket, cache.Path), Token);
        await using (var first = ArtifactDraft.Begin(store, ArtifactName.Parse("m"), TypeName.Parse("data"), []))
        {
            for (var i = 0; i < 2000; i++)
                await first.AddTextAsync($"{i}", $"content {i}");
            await first.PublishAsync();
        }
        var keys = await bucket.ListAsync(StoreLayout.Objects, Token).ToListAsync(Token);
        foreach (var key in keys)
            await bucket.DeleteAsync(key.Key, Token);

        var v0 = await store.FindAsync(ArtifactReference.Parse("m"), Token);
        await using var draft = ArtifactDraft.From(v0);
        await draft.AddTextAsync("more", "content");
        var error = await Assert.ThrowsAsync<ObjectMissingException>(() => draft.PublishAsync());
        Assert.Contains(keys, key => key.Key.Equals(error.Target));
        Assert.Equal(0, (await store.FindAsync(ArtifactReference.Parse("m"), Token)).Record.Number);
    }
}
