using ArtifactsPS.Core.Tests.Fixtures;
using ArtifactsPS.Core.Tests.Manifests;

namespace ArtifactsPS.Core.Tests.Catalogs;

/// <summary>Number of store operations of commands. In a bucket, each operation is a request.</summary>
public sealed class OperationCostTests
{
    private const int Versions = 64;
    private const int Entries = 5_000;

    public static TheoryData<string, int, int, int> Costs =>
        new()
        {
            // Command, and the maximum numbers of reads, lists and creations. All versions after a checkpoint: the
            // checkpoint, and listings of the checkpoints and of the log after it.
            { "list versions", 1, 2, 0 },
            // The catalog, and a path down a tree with three levels.
            { "find entry", 4, 2, 0 },
            // Two such paths.
            { "compare", 7, 2, 0 },
            // The catalog twice: for the look-up and for the transaction.
            { "set alias", 2, 4, 1 },
            { "delete", 2, 4, 1 },
            // Additionally the changed pages, their neighbours, and up to 16 segments of the index. Creates a pack, a segment of
            // the index and an intent, too.
            { "change one file", 28, 8, 4 },
        };

    [Theory]
    [MemberData(nameof(Costs))]
    public async Task Command_costs_bounded_number_of_operations(string command, int reads, int lists, int creations)
    {
        var store = await PublishAsync();
        var path = (await store.FindAsync("m")).Manifest.EntriesAsync(Token);
        var changed = (await path.ToListAsync(Token))
            .Last(entry => !PageCutter.BeginsRun(entry.Path, 0))
            .Path.ToString();
        await store.ReopenAsync();
        store.Counting.Reset();

        await RunAsync(store, command, changed);

        Assert.InRange(store.Counting.KeysOf("read").Count, 1, reads);
        Assert.InRange(store.Counting.KeysOf("list").Count, 1, lists);
        Assert.Equal(creations, store.Counting.Creations.Count);
    }

    private static async Task RunAsync(TestStore store, string command, string path)
    {
        if (command == "list versions")
        {
            Assert.Equal(
                Versions,
                (await store.Versions.ReadCatalogAsync(ArtifactName.Parse("m"), Token)).VersionNumbers.Count()
            );
            return;
        }
        var version = await store.FindAsync("m");
        switch (command)
        {
            case "find entry":
                Assert.NotNull(await version.Manifest.FindAsync(EntryPath.Parse(path), Token));
                break;
            case "compare":
                var state = await store.Versions.ReadCatalogAsync(ArtifactName.Parse("m"), Token);
                store.Counting.Reset();
                var before = await store.Versions.FindAsync(state, ArtifactReference.Parse("m:v0"), Token);
                var now = await store.Versions.FindAsync(state, ArtifactReference.Parse("m"), Token);
                Assert.Equal(
                    1,
                    await ManifestComparer.CompareAsync(before.Manifest, now.Manifest, Token).CountAsync(Token)
                );
                // Repeat the listing, so that it counts as in the other commands.
                await store.Versions.ReadCatalogAsync(ArtifactName.Parse("m"), Token);
                break;
            case "set alias":
                await VersionEditor.SetAliasesAsync(version, [AliasName.Parse("prod")], null, Token);
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

    // The last version creates a checkpoint.
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
