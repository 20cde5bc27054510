using ArtifactsPS.Core.Catalogs.Rules;
using ArtifactsPS.Core.Tests.Maintenance;

namespace ArtifactsPS.Core.Tests.Catalogs;

/// <summary>Renames beside first versions, other renames, rules and purges. Each pauses before each of its operations, while the other
/// runs.</summary>
public sealed class RenamingRaceTests
{
    private const int MoreOperationsThanAnyCommand = 60;

    private static readonly AliasName Prod = AliasName.Parse("prod");

    [Fact]
    public Task Name_belongs_to_the_first_version_or_the_renamed_artifact() =>
        PauseEverywhereAsync(
            RenameAsync,
            async store => await TryAsync(() => PublishAsync(store, "network")),
            async (store, isRenamed, isPublished) =>
            {
                Assert.True(isRenamed || isPublished);
                var owner = await FindAsync(store, "network");
                Assert.Equal(isRenamed, owner.Key == ArtifactKey.Of(ArtifactName.Parse("net")));
                Assert.Equal(isRenamed ? "network:v0" : "net:v0", (await FindAsync(store, "net:v0")).Reference);
            }
        );

    [Fact]
    public Task First_version_paused_anywhere_keeps_to_the_owner_of_the_name() =>
        PauseEverywhereAsync(
            store => PublishAsync(store, "network"),
            async store => await TryAsync(() => RenameAsync(store)),
            async (store, isPublished, isRenamed) =>
            {
                Assert.True(isPublished);
                var owner = await FindAsync(store, "network");
                Assert.Equal(isRenamed, owner.Key == ArtifactKey.Of(ArtifactName.Parse("net")));
                Assert.Equal(isRenamed ? "network:v1" : "network:v0", owner.Reference);
            }
        );

    [Fact]
    public Task Two_artifacts_never_get_one_name() =>
        PauseEverywhereAsync(
            RenameAsync,
            async store => await TryAsync(() => RenameAsync(store, "other", "network")),
            async (store, first, second) =>
            {
                Assert.True(first != second);
                var owner = await FindAsync(store, "network");
                Assert.Equal(ArtifactKey.Of(ArtifactName.Parse(first ? "net" : "other")), owner.Key);
            }
        );

    [Fact]
    public Task Purge_beside_a_rename_closes_intents_only() =>
        PauseEverywhereAsync(
            RenameAsync,
            async store =>
            {
                // What a writer leaves that is killed before its first version, and before another one.
                foreach (var key in new[] { "network/log/000000000001", "net/log/000000000002" })
                    await CommitIntent.CreateAsync(store.Objects, $"artifacts/{key}.json", Token);
                await OpenIntents.CloseAsync(store, Token);
                return true;
            },
            async (store, isRenamed, _) =>
            {
                Assert.True(isRenamed);
                Assert.Equal("network:v0", (await FindAsync(store, "net")).Reference);
            }
        );

    [Fact]
    public Task Rule_for_the_new_name_holds_when_it_was_put_in_force() =>
        PauseEverywhereAsync(
            RenameAsync,
            async store =>
            {
                await ProtectAsync(store, "network");
                return true;
            },
            async (store, isRenamed, _) =>
            {
                Assert.True(isRenamed);
                Assert.False(await TryAsync(() => MoveAsync(store)));
            }
        );

    [Fact]
    public Task Rule_paused_anywhere_holds_for_the_new_name_when_done() =>
        PauseEverywhereAsync(
            store => ProtectAsync(store, "network"),
            async store => await TryAsync(() => RenameAsync(store)),
            async (store, _, isRenamed) =>
            {
                Assert.True(isRenamed);
                Assert.False(await TryAsync(() => MoveAsync(store)));
            }
        );

    [Fact]
    public async Task Rule_for_a_former_name_still_holds()
    {
        var store = await BeginAsync();
        await ProtectAsync(store.Versions, "net");
        await RenameAsync(store.Versions);
        Assert.False(await TryAsync(() => MoveAsync(store.Versions)));

        await ProtectAsync(store.Versions, "n?t");
        await new AliasRuleEditor(store.Versions).UnprotectAsync(Prod, Pattern("net"), null, Token);
        Assert.False(await TryAsync(() => MoveAsync(store.Versions)));
        await new AliasRuleEditor(store.Versions).UnprotectAsync(Prod, Pattern("n?t"), null, Token);

        Assert.True(await TryAsync(() => MoveAsync(store.Versions)));
        Assert.Empty(await store.Memory.CheckAsync());
    }

    [Fact]
    public async Task Rename_is_no_way_around_a_rule()
    {
        var store = await BeginAsync();
        await MoveAsync(store.Versions);
        await ProtectAsync(store.Versions, "network");
        // A later rule for the old name.
        await ProtectAsync(store.Versions, "net");

        var refused = await Assert.ThrowsAsync<AliasProtectedException>(() => RenameAsync(store.Versions));

        Assert.Equal("network:prod", refused.Target);
        Assert.Empty(store.LogKeys("network"));
        Assert.Equal("net:v0", (await FindAsync(store.Versions, "net")).Reference);
        var edit = new EditAction(0) { AddTags = [TagName.Parse("reviewed")] };
        await VersionEditor.EditAsync(await FindAsync(store.Versions, "net"), edit, null, Token);
        await RenameAsync(store.Versions);
        Assert.Equal([1L, 2L], (await FindStateAsync(store.Versions, "network")).Rules.Select(rule => rule.Number));
        Assert.Empty(await store.Memory.CheckAsync());
    }

    // Runs a command that pauses before one of its operations, for each of them, and another one meanwhile.
    private static async Task PauseEverywhereAsync(
        Func<VersionStore, Task> command,
        Func<VersionStore, Task<bool>> meanwhile,
        Func<VersionStore, bool, bool, Task> check
    )
    {
        var paused = 0;
        for (var stopAt = 1; stopAt <= MoreOperationsThanAnyCommand; stopAt++)
        {
            var store = await BeginAsync();
            var stepping = new SteppingObjectStore(store.Memory, stopAt, isBucket: false);
            var first = Task.Run(
                async () => await TryAsync(async () => await command(await VersionStore.OpenAsync(stepping, Token))),
                Token
            );
            if (await Task.WhenAny(stepping.Stopped, first) == first)
            {
                Assert.True(await first);
                break;
            }
            paused++;
            var second = await meanwhile(store.Versions);
            stepping.Resume();
            await check(store.Versions, await first, second);
            Assert.Empty(await store.Memory.CheckAsync());
        }
        Assert.InRange(paused, 5, MoreOperationsThanAnyCommand - 1);
    }

    private static async Task<TestStore> BeginAsync()
    {
        var store = await TestStore.CreateAsync();
        await store.PublishAsync("net", ("file", "0"));
        await store.PublishAsync("other", ("file", "0"));
        return store;
    }

    private static async Task<bool> TryAsync(Func<Task> command)
    {
        try
        {
            await command();
            return true;
        }
        catch (Exception e) when (e is ArtifactNameInUseException or AliasProtectedException)
        {
            return false;
        }
    }

    private static Task RenameAsync(VersionStore store) => RenameAsync(store, "net", "network");

    private static Task RenameAsync(VersionStore store, string name, string newName) =>
        ArtifactRenamer.RenameAsync(store, ArtifactName.Parse(name), ArtifactName.Parse(newName), null, Token);

    private static async Task PublishAsync(VersionStore store, string name)
    {
        await using var draft = ArtifactDraft.Begin(store, ArtifactName.Parse(name), TypeName.Parse("model"), []);
        await draft.AddTextAsync("file", "new");
        await draft.PublishAsync();
    }

    private static Task ProtectAsync(VersionStore store, string pattern)
    {
        var rule = AliasRule.Create(Prod, Pattern(pattern)) with { Tags = [TagName.Parse("reviewed")] };
        return new AliasRuleEditor(store).ProtectAsync(rule, null, Token);
    }

    private static TextPattern Pattern(string text) =>
        TextPattern.TryParse(text, out var pattern) ? pattern : throw new InvalidOperationException();

    private static async Task MoveAsync(VersionStore store) =>
        await VersionEditor.SetAliasesAsync(await FindAsync(store, "net:v0"), [Prod], null, Token);

    private static Task<PublishedVersion> FindAsync(VersionStore store, string reference) =>
        store.FindAsync(ArtifactReference.Parse(reference), Token);

    private static Task<CatalogState> FindStateAsync(VersionStore store, string name) =>
        store.ReadCatalogAsync(ArtifactName.Parse(name), Token);
}
