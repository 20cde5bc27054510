using ArtifactsPS.Core.Catalogs.Links;
using ArtifactsPS.Core.Tests.Catalogs.Histories;
using ArtifactsPS.Core.Tests.Hostile;
using ArtifactsPS.Core.Tests.Maintenance;

namespace ArtifactsPS.Core.Tests.Publishing;

/// <summary>
/// Links beside removals, and links and removals that are interrupted, in the store of the source and in another one. A live link has a
/// mark at its source, and a marked source is deleted with force only. <c>ARTIFACTS_TEST_FUZZ_COUNT</c> multiplies the number of random histories.
/// </summary>
public sealed class LinkRaceTests
{
    private const int Histories = 25;
    private const int MoreOperationsThanAnyCommand = 60;
    private const string Registry = "registry/";

    private static readonly ArtifactName Churn = ArtifactName.Parse("churn");

    [Theory]
    [InlineData("delete", false)]
    [InlineData("link and unlink", false)]
    [InlineData("link other", false)]
    [InlineData("delete", true)]
    [InlineData("link and unlink", true)]
    [InlineData("link other", true)]
    public async Task Link_paused_at_any_operation_protects_its_source(string other, bool isElsewhere)
    {
        await PauseAtAnyAsync(
            isElsewhere,
            LinkAsync,
            store =>
                other switch
                {
                    "delete" => DeleteAsync(store),
                    "link and unlink" => LinkAndUnlinkAsync(store),
                    _ => LinkAsync(store, "net:v1"),
                },
            async (store, isLinked, isOtherDone) =>
            {
                var isDeleted = other == "delete" && isOtherDone;
                Assert.Equal(!isDeleted, isLinked);
                // The other client may have removed the link that this one published.
                if (isLinked && other != "link and unlink")
                    Assert.Single(await LinksAsync(store, "net:v0"));
            }
        );

        static async Task<bool> LinkAndUnlinkAsync(IObjectStore store) =>
            await LinkAsync(store) && await UnlinkAllAsync(store);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public Task Deletion_paused_at_any_operation_sees_a_link(bool isElsewhere) =>
        PauseAtAnyAsync(
            isElsewhere,
            DeleteAsync,
            store => LinkAsync(store),
            (_, isDeleted, isLinked) =>
            {
                Assert.NotEqual(isDeleted, isLinked);
                return Task.CompletedTask;
            }
        );

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public Task Removal_paused_at_any_operation_keeps_the_mark_of_a_later_link(bool isElsewhere) =>
        PauseAtAnyAsync(
            isElsewhere,
            UnlinkAllAsync,
            store => LinkAsync(store),
            async (store, _, _) => await AssertProtectedAsync(store),
            isLinked: true
        );

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Paused_link_keeps_its_mark_from_an_older_removal(bool isElsewhere)
    {
        VersionRecord removed = null!;
        await PauseAtAnyAsync(
            isElsewhere,
            LinkAsync,
            async store =>
            {
                var versions = await OpenCollectionsAsync(store);
                var link = new RemovableLink(
                    versions,
                    ArtifactKey.Of(Churn),
                    Churn,
                    removed,
                    IsLive: false,
                    removed.Link!
                );
                await VersionUnlinker.RemoveAsync(link, evenIfInUse: false, null, Token);
                return true;
            },
            (_, isLinked, _) =>
            {
                Assert.True(isLinked);
                return Task.CompletedTask;
            },
            isLinked: true,
            prepare: async store =>
            {
                var collections = await OpenCollectionsAsync(store.Memory);
                var version = await collections.FindAsync(ArtifactReference.Parse("churn:v0"), Token);
                removed = version.Record;
                await VersionEditor.DeleteAsync(version, evenIfInUse: true, null, Token);
            }
        );
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Interrupted_link_is_protected_and_completed(bool isElsewhere)
    {
        var pending = 0;
        for (var stopAt = 1; stopAt <= MoreOperationsThanAnyCommand; stopAt++)
        {
            var store = await BeginAsync(isElsewhere);
            if (!await InterruptAsync(store, stopAt, objects => LinkAsync(objects)))
            {
                Assert.InRange(pending, 2, stopAt);
                return;
            }
            var links = (await OpenAsync(store.Memory)).OpenCatalog(ArtifactName.Parse("net"));
            var isMarked = (await links.ReadAsync(Token)).LinkMarksOf(0).Count > 0;
            var isPublished = (await LinksAsync(store.Memory, "net:v0")).Any(link => link.Version is not null);
            if (isMarked)
            {
                var sources = await OpenAsync(store.Memory);
                var version = await sources.FindAsync(ArtifactReference.Parse("net:v0"), Token);
                var error = await Assert.ThrowsAsync<ArtifactLinkedException>(() =>
                    VersionEditor.DeleteAsync(version, evenIfInUse: false, null, Token)
                );
                Assert.Contains(isPublished ? "'churn:v" : "Add-ArtifactLink", error.Message, StringComparison.Ordinal);
                pending += isPublished ? 0 : 1;
            }
            await LinkAsync(store.Memory);

            Assert.Equal("churn:v0", Assert.Single(await LinksAsync(store.Memory, "net:v0")).Reference);
            var found = await OpenCollectionsAsync(store.Memory);
            Assert.Single((await found.ReadCatalogAsync(Churn, Token)).VersionNumbers);
        }
        Assert.Fail("The command never ended.");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Interrupted_removal_of_link_is_completed(bool isElsewhere)
    {
        var interrupted = 0;
        for (var stopAt = 1; stopAt <= MoreOperationsThanAnyCommand; stopAt++)
        {
            var store = await BeginAsync(isElsewhere);
            await LinkAsync(store.Memory);
            if (!await InterruptAsync(store, stopAt, UnlinkAllAsync))
            {
                Assert.InRange(interrupted, 1, stopAt);
                return;
            }
            var versions = await OpenAsync(store.Memory);
            var collections = await OpenCollectionsAsync(store.Memory);
            var isLive = (await collections.OpenCatalog(Churn).ReadAsync(Token)).IsLive;
            Assert.Equal(isLive, (await LinksAsync(store.Memory, "net:v0")).Count == 1);
            var reference = ArtifactReference.Parse("churn:v0");
            var isMarked = (await versions.ReadCatalogAsync(ArtifactName.Parse("net"), Token)).LinkMarksOf(0).Count > 0;
            if (isMarked)
            {
                interrupted += isLive ? 0 : 1;
                var link = await VersionUnlinker.FindAsync(collections, reference, Token);
                await VersionUnlinker.RemoveAsync(link, evenIfInUse: true, null, Token);
            }

            // There is nothing left to remove.
            await Assert.ThrowsAnyAsync<ArtifactsException>(() =>
                VersionUnlinker.FindAsync(collections, reference, Token)
            );
            Assert.Empty((await versions.ReadCatalogAsync(ArtifactName.Parse("net"), Token)).LinkMarksOf(0));
        }
        Assert.Fail("The command never ended.");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Random_histories_leave_no_link_unprotected(bool isElsewhere)
    {
        var deleted = 0;
        for (var seed = 1; seed <= Histories * Fuzzing.Factor; seed++)
        {
            var store = await BeginAsync(isElsewhere);
            var turns = new Turns(seed);
            await turns.RunAsync([
                () => RunAllAsync(0, LinkAllAsync, UnlinkAllAsync, LinkAllAsync),
                () => RunAllAsync(1, LinkAllAsync, LinkAllAsync, UnlinkAllAsync),
                () => RunAllAsync(2, UnlinkAllAsync, LinkOtherAsync, DeleteAsync),
            ]);

            try
            {
                await AssertProtectedAsync(store.Memory);
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"Seed {seed} leaves a link without a mark.", e);
            }

            async Task RunAllAsync(int client, params Func<IObjectStore, Task<bool>>[] commands)
            {
                var objects = new TurnTakingObjectStore(store.Memory, turns, client, losesAnswers: false);
                foreach (var command in commands)
                    if (await command(objects) && command == DeleteAsync)
                        deleted++;
            }
        }
        Assert.InRange(deleted, 1, Histories * Fuzzing.Factor - 1);

        static Task<bool> LinkAllAsync(IObjectStore store) => LinkAsync(store);
        static Task<bool> LinkOtherAsync(IObjectStore store) => LinkAsync(store, "net:v1");
    }

    // Pauses a command before each of its operations, runs another one, and lets the command end.
    private static async Task PauseAtAnyAsync(
        bool isElsewhere,
        Func<IObjectStore, Task<bool>> command,
        Func<IObjectStore, Task<bool>> other,
        Func<IObjectStore, bool, bool, Task> assert,
        bool isLinked = false,
        Func<TestStore, Task>? prepare = null
    )
    {
        for (var stopAt = 1; stopAt <= MoreOperationsThanAnyCommand; stopAt++)
        {
            var store = await BeginAsync(isElsewhere);
            if (isLinked)
                await LinkAsync(store.Memory);
            if (prepare is not null)
                await prepare(store);
            var stepping = new SteppingObjectStore(store.Memory, stopAt, isBucket: false);
            var running = Task.Run(() => command(stepping), Token);
            if (await Task.WhenAny(stepping.Stopped, running) == running)
            {
                Assert.True(await running);
                Assert.InRange(stopAt, 5, MoreOperationsThanAnyCommand - 1);
                return;
            }
            var isOtherDone = await other(store.Memory);
            stepping.Resume();
            await assert(store.Memory, await running, isOtherDone);
            await AssertProtectedAsync(store.Memory);
        }
        Assert.Fail("The command never ended.");
    }

    // Returns false if the command ended before it could be interrupted.
    private static async Task<bool> InterruptAsync(TestStore store, int stopAt, Func<IObjectStore, Task<bool>> command)
    {
        var stepping = new SteppingObjectStore(store.Memory, stopAt, isBucket: false);
        var running = Task.Run(() => command(stepping), Token);
        return await Task.WhenAny(stepping.Stopped, running) != running;
    }

    private static async Task<TestStore> BeginAsync(bool isElsewhere)
    {
        var store = await TestStore.CreateAsync();
        await store.PublishAsync("net", ("file", "0"));
        await store.PublishAsync("net", ("file", "1"));
        if (isElsewhere)
            await VersionStore.CreateAsync(new SubfolderObjectStore(store.Memory, Registry), Token);
        return store;
    }

    // Opens the store of the sources.
    private static async Task<VersionStore> OpenAsync(IObjectStore objects)
    {
        var store = await VersionStore.OpenAsync(objects, Token);
        return store.WithOtherStores((_, _) => OpenCollectionsAsync(objects));
    }

    // Opens the store of the collections, which is the same or the other one.
    private static async Task<VersionStore> OpenCollectionsAsync(IObjectStore objects)
    {
        var registry = new SubfolderObjectStore(objects, Registry);
        if (!await registry.ExistsAsync(StoreLayout.StoreRecord, Token))
            return await OpenAsync(objects);
        var store = await VersionStore.OpenAsync(registry, Token);
        return store.WithOtherStores((_, _) => OpenAsync(objects));
    }

    private static Task<bool> LinkAsync(IObjectStore objects) => LinkAsync(objects, "net:v0");

    // Returns false if the version was deleted.
    private static async Task<bool> LinkAsync(IObjectStore objects, string reference)
    {
        var store = await OpenAsync(objects);
        try
        {
            var version = await store.FindAsync(ArtifactReference.Parse(reference), Token);
            var collections = await OpenCollectionsAsync(objects);
            await new VersionLinker(version, Churn, collections).LinkAsync([AliasName.Parse("a")], null, null, Token);
            return true;
        }
        catch (ArtifactVersionNotFoundException)
        {
            return false;
        }
    }

    // Removes all links to net:v0.
    private static async Task<bool> UnlinkAllAsync(IObjectStore objects)
    {
        var store = await OpenCollectionsAsync(objects);
        var state = await store.OpenCatalog(Churn).ReadAsync(Token);
        foreach (var number in state.VersionNumbers.ToList())
            try
            {
                var link = await VersionUnlinker.FindAsync(store, ArtifactReference.To(Churn, number), Token);
                if (link.Source.Version == 0)
                    await VersionUnlinker.RemoveAsync(link, evenIfInUse: true, null, Token);
            }
            catch (ArtifactsException e) when (e is ArtifactVersionNotFoundException or ArtifactNotFoundException)
            {
                // Another client has removed it.
            }
        return true;
    }

    // Returns false if the version is linked.
    private static async Task<bool> DeleteAsync(IObjectStore objects)
    {
        var store = await OpenAsync(objects);
        try
        {
            var version = await store.FindAsync(ArtifactReference.Parse("net:v0"), Token);
            await VersionEditor.DeleteAsync(version, evenIfInUse: false, null, Token);
            return true;
        }
        catch (ArtifactLinkedException)
        {
            return false;
        }
    }

    private static async Task<IReadOnlyList<LinkedVersion>> LinksAsync(IObjectStore objects, string reference)
    {
        var store = await OpenAsync(objects);
        var parsed = ArtifactReference.Parse(reference);
        var state = await store.ReadCatalogAsync(parsed.Name, Token);
        return await LinkSearch.BeforeDeletion(store).FindAsync(state, parsed.Version!.Value, Token);
    }

    // Each live link has a live source with a mark.
    private static async Task AssertProtectedAsync(IObjectStore objects)
    {
        var store = await OpenCollectionsAsync(objects);
        var collection = await store.OpenCatalog(Churn).ReadAsync(Token);
        await foreach (var link in collection.ReadVersionsAsync(Token))
        {
            var links = await LinksAsync(objects, link.Link!.Reference);
            Assert.Contains(
                ArtifactReference.To(Churn, link.Number).ToString(),
                links.Select(found => found.Reference)
            );
        }
    }
}
