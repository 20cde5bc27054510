using ArtifactsPS.Core.Tests.Fixtures;
using ArtifactsPS.Core.Tests.Manifests;

namespace ArtifactsPS.Core.Tests.Catalogs;

/// <summary>What commands ask of a store, counted: on a bucket each operation is a request.</summary>
public sealed class OperationCostTests
{
    private const int Versions = 64;
    private const int Entries = 5_000;

    public static TheoryData<string, int, int, int> Costs =>
        new()
        {
            // What is done, reads, lists and creations at the most. All versions right after a checkpoint: a listing,
            // the checkpoint, and the transaction that isn't there.
            { "list versions", 2, 1, 0 },
            // The catalog, and of a tree of two levels the root and a page.
            { "find entry", 4, 1, 0 },
            // Two roots and two pages more.
            { "compare", 6, 1, 0 },
            // The catalog twice: when it is looked up, and when the transaction is made.
            { "set alias", 4, 2, 1 },
            { "delete", 4, 2, 1 },
            // Beyond that the pages the change falls into, the runs they end, and what a clean-up may be about to take.
            { "change one file", 14, 4, 2 },
        };

    [Theory]
    [MemberData(nameof(Costs))]
    public async Task Command_costs_bounded_number_of_operations(string what, int reads, int lists, int creations)
    {
        var store = await PublishAsync();
        var path = (await store.FindAsync("m")).Manifest.EntriesAsync(Token);
        var changed = (await path.ToListAsync(Token))
            .Last(entry => !PageCutter.BeginsRun(entry.Path, 0))
            .Path.ToString();
        await store.ReopenAsync();
        store.Counting.Reset();

        await DoAsync(store, what, changed);

        Assert.InRange(store.Counting.KeysOf("read").Count, 1, reads);
        Assert.InRange(store.Counting.KeysOf("list").Count, 1, lists);
        Assert.Equal(creations, store.Counting.Creations.Count);
    }

    private static async Task DoAsync(TestStore store, string what, string path)
    {
        if (what == "list versions")
        {
            Assert.Equal(Versions, (await store.Versions.ReadCatalogAsync("m", Token)).VersionNumbers.Count());
            return;
        }
        var version = await store.FindAsync("m");
        switch (what)
        {
            case "find entry":
                Assert.NotNull(await version.Manifest.FindAsync(EntryPath.Parse(path), Token));
                break;
            case "compare":
                var state = await store.Versions.ReadCatalogAsync("m", Token);
                store.Counting.Reset();
                var before = store.Versions.Find(state, ArtifactReference.Parse("m:v0"));
                var now = store.Versions.Find(state, ArtifactReference.Parse("m"));
                Assert.Equal(
                    1,
                    await ManifestComparer.CompareAsync(before.Manifest, now.Manifest, Token).CountAsync(Token)
                );
                // So that the bounds hold for both, the listing is made once more.
                await store.Versions.ReadCatalogAsync("m", Token);
                break;
            case "set alias":
                await VersionEditor.SetAliasesAsync(version, ["prod"], null, Token);
                break;
            case "delete":
                await VersionEditor.DeleteAsync(version, false, null, Token);
                break;
            case "change one file":
                await using (var draft = ArtifactDraft.From(version))
                {
                    await draft.AddTextAsync(path, "changed", replace: true);
                    await draft.PublishAsync();
                }
                break;
        }
    }

    // The last one makes a checkpoint.
    private static async Task<TestStore> PublishAsync()
    {
        var store = await TestStore.CreateAsync();
        await using (var first = store.Begin("m"))
        {
            for (var i = 0; i < Entries; i++)
                await first.AddAsync(Trees.Entry($"folder {i % 100}/file {i}", 1), false, Token);
            await first.PublishAsync();
        }
        for (var i = 1; i < Versions; i++)
        {
            await using var draft = ArtifactDraft.From(await store.FindAsync("m"));
            await draft.AddTextAsync("counter", $"{i}", replace: true);
            await draft.PublishAsync();
        }
        return store;
    }
}
