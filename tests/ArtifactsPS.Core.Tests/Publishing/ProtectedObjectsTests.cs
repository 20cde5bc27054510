using ArtifactsPS.Core.Tests.Fixtures;

namespace ArtifactsPS.Core.Tests.Publishing;

/// <summary>Objects of the base version, which no clean-up deletes, but other programs can.</summary>
public sealed class ProtectedObjectsTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Publish_on_missing_base_content_fails(bool isCached)
    {
        var store = await TestStore.CreateAsync();
        var v1 = await PublishTwiceAsync(store);
        if (!isCached)
            DeleteCachedLists(store);
        // Content of entries that the draft doesn't touch. All pages and the other pack are there.
        await store.Memory.DeleteAsync(await KeyOfAsync(v1, "a"), Token);
        await store.ReopenAsync();
        await using var draft = ArtifactDraft.From(await store.FindAsync("m"));
        await draft.AddTextAsync("d", "4");

        var error = await Assert.ThrowsAsync<ObjectMissingException>(() => draft.PublishAsync());
        Assert.Equal(await KeyOfAsync(v1, "a"), error.Target);
        Assert.Equal(1, (await store.FindAsync("m")).Record.Number);
        Assert.DoesNotContain(store.Memory.Keys, key => key.StartsWith("intents/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Publish_without_missing_entries_succeeds()
    {
        var store = await TestStore.CreateAsync();
        var v1 = await PublishTwiceAsync(store);
        await store.Memory.DeleteAsync(await KeyOfAsync(v1, "a"), Token);
        await store.ReopenAsync();
        await using var draft = ArtifactDraft.From(await store.FindAsync("m"));
        await draft.RemoveAsync("a");
        await draft.RemoveAsync("b");
        Assert.Equal(["c"], await (await draft.PublishAsync()).PathsAsync());
    }

    [Fact]
    public async Task Missing_base_content_that_is_added_again_is_healed()
    {
        var store = await TestStore.CreateAsync();
        var v1 = await PublishTwiceAsync(store);
        await store.Memory.DeleteAsync(await KeyOfAsync(v1, "a"), Token);
        await store.ReopenAsync();
        await using var draft = ArtifactDraft.From(await store.FindAsync("m"));
        await draft.AddTextAsync("a", "1");
        await draft.AddTextAsync("b", "2");
        await draft.AddTextAsync("d", "4");
        var v2 = await draft.PublishAsync();
        Assert.Equal("1", await store.ReadTextAsync(v2, "a"));
        Assert.Equal("2", await store.ReadTextAsync(await store.FindAsync("m:v1"), "b"));
    }

    [Fact]
    public async Task Missing_chunk_of_base_is_found()
    {
        var store = await TestStore.CreateAsync();
        var bytes = new byte[9 << 20];
        new Random(1).NextBytes(bytes.AsSpan(0, 1 << 20));
        using var folder = new TemporaryFolder();
        await File.WriteAllBytesAsync(folder["large"], bytes, Token);
        await using (var first = store.Begin("m"))
        {
            await first.AddFileAsync("large", folder["large"]);
            await first.PublishAsync();
        }
        var v0 = await store.FindAsync("m");
        var entry = await v0.Manifest.FindAsync(EntryPath.Parse("large"), Token);
        Assert.True(entry!.Location.IsChunked);
        bytes[^1] = 1;
        await File.WriteAllBytesAsync(folder["large"], bytes, Token);
        await using (var second = ArtifactDraft.From(v0))
        {
            await second.AddFileAsync(
                EntryPath.Parse("large"),
                folder["large"],
                replace: true,
                new TransferProgress(),
                Token
            );
            await second.PublishAsync();
        }
        // The list of the second version is elsewhere, and most of its chunks are in this object.
        await store.Memory.DeleteAsync(entry.Location.Object.Key, Token);
        DeleteCachedLists(store);
        await store.ReopenAsync();
        await using var draft = ArtifactDraft.From(await store.FindAsync("m"));
        await draft.AddTextAsync("other", "1");
        await Assert.ThrowsAsync<ObjectMissingException>(() => draft.PublishAsync());
    }

    [Fact]
    public async Task Objects_of_large_base_are_checked_by_listing()
    {
        var store = await TestStore.CreateAsync();
        var remote = new CountingRemoteStore(store.Memory);
        var versions = await VersionStore.OpenAsync(remote, Token);
        await store.PublishAsync("m", ("0", "0"));
        for (var i = 1; i < 40; i++)
            await PublishAsync($"{i}");
        remote.Counting.Clear();
        await PublishAsync("last");
        Assert.Single(remote.Counting, operation => operation == "list objects/");
        Assert.InRange(remote.Counting.Count(operation => operation == "look object"), 0, 3);

        await store.Memory.DeleteAsync(await KeyOfAsync(await store.FindAsync("m"), "17"), Token);
        await Assert.ThrowsAsync<ObjectMissingException>(() => PublishAsync("another"));

        async Task PublishAsync(string path)
        {
            var version = await versions.FindAsync(ArtifactReference.Parse("m"), Token);
            await using var draft = ArtifactDraft.From(version);
            await draft.AddTextAsync(path, path);
            await draft.PublishAsync();
        }
    }

    // The content of a and b is in one pack; that of c and all pages of the second version are in another.
    private static async Task<PublishedVersion> PublishTwiceAsync(TestStore store)
    {
        await store.PublishAsync("m", ("a", "1"), ("b", "2"));
        await using var draft = ArtifactDraft.From(await store.FindAsync("m"));
        await draft.AddTextAsync("c", "3");
        return await draft.PublishAsync();
    }

    private static async Task<string> KeyOfAsync(PublishedVersion version, string path) =>
        (await version.Manifest.FindAsync(EntryPath.Parse(path), Token))!.Location.Object.Key;

    private static void DeleteCachedLists(TestStore store) =>
        Directory.Delete(CacheFolder.PathOf("objects", store.Versions.Id), recursive: true);

    private sealed class CountingRemoteStore(IObjectStore inner) : StoreDecorator(inner), IRemoteStore
    {
        public System.Collections.Concurrent.ConcurrentBag<string> Counting { get; } = [];

        protected override void Before(string operation, string key) =>
            Counting.Add($"{operation} {(operation == "look" && StoreLayout.IsObject(key) ? "object" : key)}");
    }
}
