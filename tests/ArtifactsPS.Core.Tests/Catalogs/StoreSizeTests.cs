using ArtifactsPS.Core.Tests.Distributed;
using ArtifactsPS.Core.Tests.Fixtures;

namespace ArtifactsPS.Core.Tests.Catalogs;

public sealed class StoreSizeTests
{
    [Fact]
    public async Task Size_of_created_store_needs_no_requests()
    {
        var counting = new CountingObjectStore(new MemoryObjectStore());

        var created = await VersionStore.CreateAsync(counting, Token);

        Assert.Equal(1, counting.Count);
        Assert.Equal(await created.MeasureAsync(Token), created.SizeWhenCreated);
        counting.Reset();
        var opened = await VersionStore.CreateAsync(counting, Token);
        Assert.Equal(created.Id, opened.Id);
        Assert.Null(opened.SizeWhenCreated);
        Assert.Empty(counting.KeysOf("list"));
    }

    [Fact]
    public async Task Measuring_lists_keys_once_and_reads_catalogs()
    {
        var store = await TestStore.CreateAsync();
        for (var i = 0; i < 40; i++)
            await store.PublishAsync("published", ("file", $"{i}"));
        await VersionEditor.SetAliasesAsync(
            await store.PublishAsync("named", ("file", "a")),
            [AliasName.Parse("prod")],
            null,
            Token
        );
        await VersionEditor.EditAsync(
            await store.PublishAsync("edited", ("file", "b")),
            new EditAction(0) { Description = "new" },
            null,
            Token
        );
        // An artifact without live versions isn't counted.
        await using (var draft = store.Begin("contributed"))
            await draft.ContributeAsync("open", "me");
        store.Memory["artifacts/not a name/log/000000000001.json"] = [1];
        store.Memory["artifacts/published/log/notes.txt"] = [1, 2];
        store.Counting.Reset();

        var size = await store.Versions.MeasureAsync(Token);

        Assert.Equal(
            new StoreSize(
                3,
                store.Memory.Keys.Count(key => key.StartsWith("objects/", StringComparison.Ordinal)),
                store.Memory.Keys.Sum(key => (long)store.Memory[key].Length),
                // Versions 0 to 9, versions 10 to 39, and two other versions.
                10 + 2 * 30 + 1 + 1
            ),
            size
        );
        Assert.Single(store.Counting.KeysOf("list"), prefix => prefix.Length == 0);
        // A listing of checkpoints, at most one checkpoint, and the transactions after it.
        Assert.InRange(store.Counting.Count, 4, 1 + 3 * (2 + CatalogCheckpoint.Interval));
        Assert.DoesNotContain(
            store.Counting.KeysOf("read"),
            key => key.StartsWith("objects/", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task Size_of_versions_counts_shared_content_for_each()
    {
        var store = await TestStore.CreateAsync();
        var text = new string('x', 10_000);
        await store.PublishAsync("one", ("file", text));
        await store.PublishAsync("one", ("file", text), ("more", "1234"));
        await store.PublishAsync("two", ("file", text));
        Assert.Equal(30_004, (await store.Versions.MeasureAsync(Token)).VersionBytes);
        await VersionEditor.DeleteAsync(await store.FindAsync("one:v0"), false, null, Token);
        var size = await store.Versions.MeasureAsync(Token);
        Assert.Equal(20_004, size.VersionBytes);
        Assert.InRange(size.Bytes, 1, 10_000);
    }

    [Fact]
    public async Task Measuring_reads_catalog_after_deletion()
    {
        var store = await TestStore.CreateAsync();
        foreach (var name in new[] { "gone", "left", "unnamed", "gone2" })
        {
            await store.PublishAsync(name, ("file", "a"));
            await VersionEditor.SetAliasesAsync(
                await store.PublishAsync(name, ("file", "b")),
                [AliasName.Parse("prod")],
                null,
                Token
            );
        }
        await DeleteAsync("gone", 0);
        await DeleteAsync("gone", 1);
        await DeleteAsync("left", 1);
        await VersionEditor.RemoveAliasAsync(await store.FindAsync("unnamed"), AliasName.Parse("prod"), null, Token);
        await DeleteAsync("gone2", 1);
        await DeleteAsync("gone2", 0);

        Assert.Equal(2, (await store.Versions.MeasureAsync(Token)).Artifacts);

        async Task DeleteAsync(string name, int number) =>
            await VersionEditor.DeleteAsync(await store.FindAsync($"{name}:v{number}"), true, null, Token);
    }
}
