using ArtifactsPS.Core.Tests.Distributed;
using ArtifactsPS.Core.Tests.Fixtures;

namespace ArtifactsPS.Core.Tests.Maintenance.Cleanup;

/// <summary>Rewriting of packs with little needed content. Versions keep their content.</summary>
public sealed class RepackTests : IDisposable
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Rewritten_pack_is_deleted_after_grace_period()
    {
        var store = await TestStore.CreateAsync();
        var v0 = await store.PublishAsync("m", ("big", new string('x', 9000)), ("small", "small"));
        await RemoveBigAsync(store);
        var v1 = await store.FindAsync("m:v1");
        Assert.Empty(await CleanAsync(store, rewritesPacks: false));

        Assert.Equal([v0.RootKey()], Assert.Single(await CleanAsync(store, rewritesPacks: true)).Items);

        await store.ReopenAsync();
        var moved = await store.FindAsync("m");
        Assert.Equal((1, v1.Record.Digest), (moved.Record.Number, moved.Record.Digest));
        Assert.NotEqual(v1.RootKey(), moved.RootKey());
        Assert.Equal("small", await store.ReadTextAsync(moved, "small"));
        Assert.Contains(v0.RootKey(), store.Memory.Keys);
        // A version found before the rewrite is still readable.
        Assert.Equal("small", await store.ReadTextAsync(v1, "small"));

        store.Memory.Age(2 * Day);
        await CleanAsync(store, rewritesPacks: true);
        Assert.DoesNotContain(v0.RootKey(), store.Memory.Keys);
        Assert.Empty(await store.Memory.CheckAsync(full: true));
        Assert.Equal("small", await store.ReadTextAsync(await store.FindAsync("m"), "small"));
    }

    [Fact]
    public async Task Rewritten_large_trees_keep_digests_and_shared_pages()
    {
        var store = await TestStore.CreateAsync();
        var files = Enumerable.Range(0, 2000).Select(i => ($"{i % 9}/{i}", $"content {i} {new string('x', 300)}"));
        await store.PublishAsync("model", [.. files]);
        for (var i = 0; i < 3; i++)
        {
            await using var next = ArtifactDraft.From(await store.FindAsync("model"));
            foreach (var folder in Enumerable.Range(0, 7))
                if (i == 0)
                    await next.RemoveAsync($"{folder}/");
            await next.AddTextAsync("8/8", $"changed {i}", replace: true);
            await next.PublishAsync();
        }
        await VersionEditor.DeleteAsync(await store.FindAsync("model:v0"), true, null, Token);
        store.Memory.Age(2 * Day);
        var before = await ContentAsync(store);
        var bytes = store.Memory.Keys.Sum(key => store.Memory[key].Length);

        // The rewritten pages make the old ones unnecessary.
        for (var i = 0; i < 3; i++)
        {
            await CleanAsync(store, rewritesPacks: true);
            store.Memory.Age(2 * Day);
        }

        await store.ReopenAsync();
        Assert.Equal(before, await ContentAsync(store));
        Assert.Empty(await store.Memory.CheckAsync(full: true));
        Assert.InRange(store.Memory.Keys.Sum(key => store.Memory[key].Length), 0, bytes / 2);
    }

    [Fact]
    public async Task Rewriting_moves_chunks_and_their_list()
    {
        var store = await TestStore.CreateAsync();
        await LargeFiles.PublishAsync(store, _folder, changes: 1);
        // The newest version uses few chunks of the file that v0 stored whole.
        await using (var draft = ArtifactDraft.From(await store.FindAsync("model:v1")))
        {
            var half = _folder.Write(
                "large",
                [.. LargeFiles.Bytes(1).Take(100), .. new byte[ContentWriter.LargeFileSize]]
            );
            await draft.AddFileAsync(EntryPath.Parse("large"), half, replace: true, new TransferProgress(), Token);
            await draft.PublishAsync();
        }
        foreach (var reference in new[] { "model:v0", "model:v1" })
            await VersionEditor.DeleteAsync(await store.FindAsync(reference), true, null, Token);
        store.Memory.Age(2 * Day);
        for (var i = 0; i < 2; i++)
        {
            await CleanAsync(store, rewritesPacks: true);
            store.Memory.Age(2 * Day);
        }
        await store.ReopenAsync();
        Assert.Empty(await store.Memory.CheckAsync(full: true));
        var entry = await (await store.FindAsync("model")).EntryAsync("large");
        await store.Versions.Content.ReadAsync(entry.Blob, Token);
    }

    [Fact]
    public async Task Pack_of_open_contributions_is_not_rewritten()
    {
        var store = await TestStore.CreateAsync();
        await store.PublishAsync("m", ("big", new string('x', 9000)), ("small", "small"));
        await RemoveBigAsync(store);
        await using (var draft = ArtifactDraft.From(await store.FindAsync("m")))
            await draft.ContributeAsync("job", "w1");
        store.Memory.Age(2 * Day);
        Assert.Empty(await CleanAsync(store, rewritesPacks: true));
    }

    private static async Task RemoveBigAsync(TestStore store)
    {
        await using (var next = ArtifactDraft.From(await store.FindAsync("m")))
        {
            await next.RemoveAsync("big");
            await next.PublishAsync();
        }
        await VersionEditor.DeleteAsync(await store.FindAsync("m:v0"), true, null, Token);
        store.Memory.Age(2 * Day);
    }

    private static async Task<List<string>> ContentAsync(TestStore store)
    {
        var content = new List<string>();
        var state = await store.Versions.ReadCatalogAsync(ArtifactName.Parse("model"), Token);
        foreach (var number in state.VersionNumbers)
        {
            var version = new PublishedVersion(store.Versions, state, state.Find(number)!);
            content.Add($"{version.Reference} {version.Record.Digest}");
            content.AddRange((await version.TextsAsync()).Select(text => $"{text.Key} {text.Value}"));
        }
        return content;
    }

    private static async Task<List<StoreCleanup>> CleanAsync(TestStore store, bool rewritesPacks)
    {
        var optimizer = new StoreOptimizer(
            await VersionStore.OpenAsync(store.Memory, Token),
            new CleanupOptions { GracePeriod = Day, RewritesPacks = rewritesPacks },
            new TransferProgress()
        );
        var done = new List<StoreCleanup>();
        foreach (var planned in await optimizer.PlanAsync(Token))
            done.Add(await optimizer.CleanUpAsync(planned.Kind, Token));
        return done;
    }
}
