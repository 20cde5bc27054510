using ArtifactsPS.Core.Tests.Fixtures;

namespace ArtifactsPS.Core.Tests.Drafts;

public sealed class SharedEntryTests
{
    [Fact]
    public async Task Entry_of_other_version_shares_its_content()
    {
        var store = await TestStore.CreateAsync();
        var net = await store.PublishAsync("net", ("weights.bin", "weights"));
        var entry = await net.Manifest.FindAsync(EntryPath.Parse("weights.bin"), Token);
        await using var draft = store.Begin("app");

        await SharedEntry.AddAsync(draft, net, entry!, EntryPath.Parse("model/w"), replace: false, Token);
        var app = await draft.PublishAsync();

        var shared = await app.Manifest.FindAsync(EntryPath.Parse("model/w"), Token);
        Assert.Equal(
            (entry!.Location.StoredIn, entry.Location.Offset),
            (shared!.Location.StoredIn, shared.Location.Offset)
        );
        Assert.Equal("weights", await store.ReadTextAsync(app, "model/w"));
        var lineage = await new LineageWalker(store.Versions).WalkAsync(app, LineageDirection.Both, 9, Token);
        Assert.Equal(["net:v0", "app:v0"], lineage.Nodes.Select(node => node.Id));
        Assert.Equal(new LineageEdge("net:v0", "app:v0"), Assert.Single(lineage.Edges));
    }

    [Fact]
    public async Task Reference_of_other_version_stays_a_reference()
    {
        var store = await TestStore.CreateAsync();
        await using var first = store.Begin("net");
        var properties = new TargetProperties { Size = 1, ETag = "e" };
        await first.AddAsync(
            ManifestEntry.ReferenceTo(EntryPath.Parse("a"), "s3://b/k", null, properties),
            replace: false,
            Token
        );
        var net = await first.PublishAsync();
        var entry = await net.Manifest.FindAsync(EntryPath.Parse("a"), Token);
        await using var draft = store.Begin("app");

        await SharedEntry.AddAsync(draft, net, entry!, EntryPath.Parse("b"), replace: false, Token);

        var added = Assert.Single(await draft.EntriesAsync(EntrySelector.All, Token).ToListAsync(Token));
        Assert.Equal(("s3://b/k", properties), (added.Uri, added.Target));
    }

    [Fact]
    public async Task Purged_content_prevents_publishing()
    {
        var store = await TestStore.CreateAsync();
        var net = await store.PublishAsync("net", ("weights.bin", "weights"));
        var entry = await net.Manifest.FindAsync(EntryPath.Parse("weights.bin"), Token);
        await using var draft = store.Begin("app");
        await SharedEntry.AddAsync(draft, net, entry!, EntryPath.Parse("w"), replace: false, Token);
        await store.Memory.DeleteAsync(StoreLayout.ObjectKey(entry!.Location.StoredIn!.Value), Token);

        await Assert.ThrowsAsync<ObjectCleanedUpException>(() => draft.PublishAsync());
    }

    [Fact]
    public async Task Entry_of_other_store_is_refused()
    {
        var other = await (await TestStore.CreateAsync()).PublishAsync("net", ("weights.bin", "weights"));
        var entry = await other.Manifest.FindAsync(EntryPath.Parse("weights.bin"), Token);
        await using var draft = (await TestStore.CreateAsync()).Begin("app");

        await Assert.ThrowsAsync<EntryInOtherStoreException>(() =>
            SharedEntry.AddAsync(draft, other, entry!, EntryPath.Parse("w"), replace: false, Token)
        );
    }
}
