using ArtifactsPS.Core.Tests.Distributed;
using ArtifactsPS.Core.Tests.Fixtures;

namespace ArtifactsPS.Core.Tests.Maintenance;

/// <summary>Store with items of every clean-up kind, and content that must be kept.</summary>
internal static class UntidyStore
{
    private static readonly string UnneededObject = "damaged/" + new string('a', 64);

    /// <summary>
    /// Fills a store. Call <see cref="Age"/> afterwards, so that items are old enough to be cleaned up.
    /// </summary>
    public static async Task FillAsync(VersionStore store)
    {
        // A pack with little needed content.
        await PublishAsync(store, "m", ("big", new string('x', 9000)), ("small", "small"));
        await using (var next = ArtifactDraft.From(await FindAsync(store, "m")))
        {
            await next.RemoveAsync("big");
            await next.PublishAsync("prod");
        }
        await DeleteAsync(store, "m:v0");
        // A fully needed pack, and two unneeded ones.
        await PublishAsync(store, "kept", ("a", "1"), ("b", "2"));
        await PublishAsync(store, "garbage", ("g", "1"));
        await DeleteAsync(store, "garbage:v0");
        await PublishAsync(store, "kept", ("a", "3"));
        await DeleteAsync(store, "kept:v1");
        // Two expired versions; an alias protects one of them.
        foreach (var text in new[] { "0", "1", "2" })
            await PublishAsync(store, "old", ("text", text));
        await VersionEditor.SetAliasesAsync(await FindAsync(store, "old:v1"), [AliasName.Parse("prod")], null, Token);
        foreach (var number in new[] { 0, 1 })
            await VersionEditor.EditAsync(
                await FindAsync(store, $"old:v{number}"),
                new EditAction(number) { ExpiresAt = DateTimeOffset.UnixEpoch },
                null,
                Token
            );
        await store.ContributeAsync("open", "job", "writer", ("c", "4"));
        // A killed clean-up has condemned a needed object, and a killed publisher has left an intent.
        var needed = (await FindAsync(store, "kept")).Record.StoredRoot!.Location.Object.Digest;
        await store.Objects.TryMoveAsync(StoreLayout.ObjectKey(needed), StoreLayout.TrashKey("killed", needed), Token);
        var kept = await store.ReadCatalogAsync(ArtifactName.Parse("kept"), Token);
        await CommitIntent.CreateAsync(
            store.Objects,
            StoreLayout.NumberedKey(StoreLayout.LogFolder(kept.Key), kept.LastTransaction + 1),
            Token
        );
        await store.Objects.TryCreateAsync(UnneededObject, "damaged"u8.ToArray(), Token);
    }

    /// <summary>Makes all files of a store in a folder older.</summary>
    public static void Age(string folder, TimeSpan by)
    {
        foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
            File.SetLastWriteTimeUtc(file, File.GetLastWriteTimeUtc(file) - by);
    }

    /// <summary>Cleans up as the command does.</summary>
    public static async Task CleanAsync(IObjectStore objects, bool rewritesPacks, TimeSpan? grace = null)
    {
        var optimizer = new StoreOptimizer(
            await VersionStore.OpenAsync(objects, Token),
            new CleanupOptions
            {
                RewritesPacks = rewritesPacks,
                GracePeriod = grace ?? new CleanupOptions().GracePeriod,
            },
            new TransferProgress()
        );
        foreach (var planned in await optimizer.PlanAsync(Token))
            await optimizer.CleanUpAsync(planned.Kind, Token);
    }

    /// <summary>Checks that the store has no problems, and that live versions have their content.</summary>
    public static async Task CheckAsync(VersionStore store)
    {
        var problems = await store.Objects.CheckAsync(full: true);
        Assert.True(problems.Count == 0, string.Join('\n', problems.Select(problem => problem.Message)));
        await CheckVersionAsync(store, "m:prod", 1, ("small", "small"));
        await CheckVersionAsync(store, "kept", 0, ("a", "1"), ("b", "2"));
        await CheckVersionAsync(store, "old:prod", 1, ("text", "1"));
        await CheckVersionAsync(store, "old", 2, ("text", "2"));
        Assert.Equal("writer", (await store.ReadDistributedAsync("open", "job")).Contributions.Single().Contributor);
    }

    /// <summary>Checks a store after a complete clean-up.</summary>
    /// <returns>Keys of the remaining objects, sorted.</returns>
    public static async Task<IReadOnlyList<string>> CheckTidyAsync(VersionStore store)
    {
        await CheckAsync(store);
        Assert.Equal([1, 2], (await store.ReadCatalogAsync(ArtifactName.Parse("old"), Token)).VersionNumbers);
        var version = await store.CompleteAsync("open", "job");
        Assert.Equal([KeyValuePair.Create("c", "4")], await version.TextsAsync());
        List<string> keys = [];
        await foreach (var key in store.Objects.ListAsync("", Token))
            keys.Add(key.Key);
        Assert.DoesNotContain(keys, key => key.StartsWith(StoreLayout.Trash, StringComparison.Ordinal));
        Assert.DoesNotContain(keys, key => key.StartsWith(StoreLayout.Intents, StringComparison.Ordinal));
        Assert.DoesNotContain(UnneededObject, keys);
        return
        [
            .. keys.Where(key => key.StartsWith(StoreLayout.Objects, StringComparison.Ordinal))
                .Order(StringComparer.Ordinal),
        ];
    }

    private static async Task PublishAsync(VersionStore store, string name, params (string, string)[] files)
    {
        await using var draft = ArtifactDraft.Begin(store, ArtifactName.Parse(name), TypeName.Parse("data"), []);
        foreach (var (path, text) in files)
            await draft.AddTextAsync(path, text);
        await draft.PublishAsync();
    }

    private static async Task DeleteAsync(VersionStore store, string reference) =>
        await VersionEditor.DeleteAsync(await FindAsync(store, reference), true, null, Token);

    private static async Task CheckVersionAsync(
        VersionStore store,
        string reference,
        int number,
        params (string Path, string Text)[] files
    )
    {
        var version = await FindAsync(store, reference);
        Assert.Equal(number, version.Record.Number);
        Assert.Equal(files.ToDictionary(file => file.Path, file => file.Text), await version.TextsAsync());
    }

    private static Task<PublishedVersion> FindAsync(VersionStore store, string reference) =>
        store.FindAsync(ArtifactReference.Parse(reference), Token);
}
