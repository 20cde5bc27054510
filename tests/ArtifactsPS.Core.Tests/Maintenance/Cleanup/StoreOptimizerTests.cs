using ArtifactsPS.Core.Tests.Distributed;
using ArtifactsPS.Core.Tests.Fixtures;

namespace ArtifactsPS.Core.Tests.Maintenance.Cleanup;

/// <summary>Clean-ups delete unneeded items only.</summary>
public sealed class StoreOptimizerTests : IDisposable
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Old_unneeded_objects_are_condemned_then_purged()
    {
        var store = await TestStore.CreateAsync();
        var v0 = await store.PublishAsync("m", ("a", "1"));
        await store.PublishAsync("m", ("a", "2"));
        await DeleteAsync(store, "m:v0");
        var bytes = store.Memory[v0.RootKey()].Length;
        Assert.Empty(await CleanAsync(store));

        store.Memory.Age(2 * Day);
        var cleanup = Assert.Single(await CleanAsync(store));

        Assert.Equal((StoreCleanupKind.Objects, 1, bytes), (cleanup.Kind, cleanup.Count, cleanup.Bytes));
        Assert.Equal([v0.RootKey()], cleanup.Items);
        Assert.DoesNotContain(v0.RootKey(), store.Memory.Keys);
        await AssertSoundAsync(store);
        Assert.Empty(await CleanAsync(store));
        Assert.Contains(store.Memory.Keys, IsCondemned);

        store.Memory.Age(2 * Day);
        cleanup = Assert.Single(await CleanAsync(store));

        Assert.Equal((StoreCleanupKind.CondemnedObjects, 1, bytes), (cleanup.Kind, cleanup.Count, cleanup.Bytes));
        Assert.Empty(TrashKeys(store));
        await AssertSoundAsync(store);
        Assert.Empty(await CleanAsync(store));
    }

    [Fact]
    public async Task Condemned_object_needed_again_is_moved_back()
    {
        var store = await TestStore.CreateAsync();
        var v0 = await store.PublishAsync("m", ("a", "1"));
        await store.PublishAsync("m", ("a", "2"));
        await using var draft = ArtifactDraft.From(v0);
        await draft.AddTextAsync("b", "3");
        await DeleteAsync(store, "m:v0");
        store.Memory.Age(2 * Day);
        await CleanAsync(store);
        Assert.DoesNotContain(v0.RootKey(), store.Memory.Keys);

        var v2 = await draft.PublishAsync();

        Assert.Contains(v0.RootKey(), store.Memory.Keys);
        Assert.Equal("1", await store.ReadTextAsync(v2, "a"));
        store.Memory.Age(2 * Day);
        await CleanAsync(store);
        Assert.DoesNotContain(store.Memory.Keys, IsCondemned);
        await AssertSoundAsync(store);
    }

    [Fact]
    public async Task Content_of_expired_version_published_again_is_kept()
    {
        var store = await TestStore.CreateAsync();
        await store.PublishAsync("m", ("a", "1"), ("b", "2"));
        await ExpireAsync(store, "m:v0");
        store.Memory.Age(2 * Day);
        // Planned before, and carried out after the content is published again.
        var optimizer = Optimizer(store.Memory, await VersionStore.OpenAsync(store.Memory, Token));
        var plan = await optimizer.PlanAsync(Token);
        var again = await store.PublishAsync("m", ("a", "1"), ("b", "2"));
        Assert.Equal((1, false), (again.Record.Number, again.Deduplicated));
        foreach (var planned in plan)
            await optimizer.CleanUpAsync(planned.Kind, Token);
        for (var i = 0; i < 3; i++)
        {
            await AssertSoundAsync(store);
            store.Memory.Age(2 * Day);
            await CleanAsync(store);
        }
        await store.ReopenAsync();
        Assert.Equal("1", await store.ReadTextAsync(await store.FindAsync("m:v1"), "a"));
        Assert.Empty(TrashKeys(store));
        await AssertSoundAsync(store);
    }

    [Fact]
    public async Task Open_intent_is_closed_before_purge()
    {
        var store = await TestStore.CreateAsync();
        await store.PublishAsync("m", ("a", "1"));
        await store.PublishAsync("m", ("a", "2"));
        await DeleteAsync(store, "m:v0");
        store.Memory.Age(2 * Day);
        await CleanAsync(store);
        var failing = new FailingObjectStore(store.Memory);
        var versions = await VersionStore.OpenAsync(failing, Token);
        failing.FailAt(1, "create", "artifacts/m/log/");
        await Assert.ThrowsAsync<StoreUnavailableException>(() => PublishAsync(versions, "m", ("a", "3")));
        Assert.Single(store.Memory.Keys, IsIntent);

        store.Memory.Age(2 * Day);
        await CleanAsync(store);

        Assert.DoesNotContain(store.Memory.Keys, IsIntent);
        Assert.Equal(4, store.LogKeys("m").Count);
        await store.ReopenAsync();
        Assert.Equal("m:v2", (await store.PublishAsync("m", ("a", "3"))).Reference);
        await AssertSoundAsync(store);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Mostly_unneeded_store_is_cleaned_up_with_force_only(bool hasArtifacts)
    {
        var store = await TestStore.CreateAsync();
        await store.PublishAsync("m", ("a", "1"), ("b", new string('x', 999)));
        if (hasArtifacts)
            await store.PublishAsync("small", ("a", ""));
        foreach (var key in store.LogKeys("m"))
            await store.Memory.DeleteAsync(key, Token);
        store.Memory.Age(2 * Day);

        var error = await Assert.ThrowsAsync<CleanupRefusedException>(() => CleanAsync(store));

        Assert.Contains("-Force", error.Message, StringComparison.Ordinal);
        var forced = new StoreOptimizer(
            await VersionStore.OpenAsync(store.Memory, Token),
            new CleanupOptions { IsForced = true },
            new TransferProgress()
        );
        Assert.Equal(1, Assert.Single(await CleanAsync(forced)).Count);
        await AssertSoundAsync(store);
    }

    [Fact]
    public async Task Planning_deletes_nothing()
    {
        var store = await TestStore.CreateAsync();
        await store.PublishAsync("m", ("a", "1"));
        await ExpireAsync(store, "m:v0");
        store.Memory.Age(2 * Day);
        var before = store.Memory.Keys.Order().ToArray();
        var plan = await Optimizer(store.Memory, await VersionStore.OpenAsync(store.Memory, Token)).PlanAsync(Token);
        Assert.Equal([StoreCleanupKind.ExpiredVersions, StoreCleanupKind.Objects], plan.Select(item => item.Kind));
        Assert.Equal(["m:v0"], plan[0].Items);
        Assert.True(plan[1].Bytes > 0);
        Assert.Equal(before, store.Memory.Keys.Order());
    }

    [Fact]
    public async Task Expired_versions_without_alias_are_deleted_with_content()
    {
        var store = await TestStore.CreateAsync();
        for (var i = 0; i < 3; i++)
        {
            await store.PublishAsync("m", ("a", $"{i}"));
            await ExpireAsync(store, $"m:v{i}");
        }
        await VersionEditor.SetAliasesAsync(await store.FindAsync("m:v1"), [AliasName.Parse("prod")], null, Token);
        await VersionEditor.EditAsync(
            await store.PublishAsync("n", ("a", "n")),
            new EditAction(0) { ExpiresAt = DateTimeOffset.UtcNow + Day },
            null,
            Token
        );
        store.Memory.Age(2 * Day);

        var cleanups = await CleanAsync(store);

        Assert.Equal(["m:v0", "m:v2"], cleanups[0].Items);
        Assert.Equal(2, cleanups[1].Count);
        await store.ReopenAsync();
        Assert.Equal([1], (await store.Versions.ReadCatalogAsync(ArtifactName.Parse("m"), Token)).VersionNumbers);
        Assert.Equal([0], (await store.Versions.ReadCatalogAsync(ArtifactName.Parse("n"), Token)).VersionNumbers);
        await AssertSoundAsync(store);
    }

    [Fact]
    public async Task Content_of_open_contributions_is_kept_until_abandoned()
    {
        var store = await TestStore.CreateAsync();
        await store.PublishAsync("m", ("a", "1"), ("b", "2"));
        await using (var draft = ArtifactDraft.From(await store.FindAsync("m:v0")))
        {
            await draft.RemoveAsync("b");
            await draft.AddTextAsync("c", "3");
            await draft.ContributeAsync("job", "w1");
        }
        await DeleteAsync(store, "m:v0");
        store.Memory.Age(2 * Day);
        Assert.Empty(await CleanAsync(store));
        await AssertSoundAsync(store);

        await new DistributedLog(store.Versions, ArtifactName.Parse("m"), DistributedId.Parse("job")).AbandonAsync(
            Token
        );
        Assert.Equal(2, Assert.Single(await CleanAsync(store)).Count);
        Assert.DoesNotContain(store.Memory.Keys, key => key.StartsWith("objects/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Content_of_sealed_contributions_is_kept()
    {
        var store = await TestStore.CreateAsync();
        await store.Versions.ContributeAsync("data", "job", "w1", ("x", "3"));
        var failing = new FailingObjectStore(store.Memory);
        var versions = await VersionStore.OpenAsync(failing, Token);
        failing.FailAt(1, "create", "artifacts/data/log/");
        await Assert.ThrowsAsync<StoreUnavailableException>(() => versions.CompleteAsync("data", "job"));
        store.Memory.Age(2 * Day);
        Assert.Empty(await CleanAsync(store));
        var version = await store.Versions.CompleteAsync("data", "job");
        Assert.Equal("3", await store.ReadTextAsync(version, "x"));
        await AssertSoundAsync(store);
    }

    [Theory]
    [InlineData("artifacts/m/log/000000000002.json", false)]
    [InlineData("artifacts/m/log/000000000002.json", true)]
    [InlineData("artifacts/data/distributed/job/log/000000000001.json", false)]
    [InlineData(null, true)]
    public async Task Damaged_store_is_not_cleaned_up(string? key, bool isMissing)
    {
        var store = await TestStore.CreateAsync();
        for (var i = 0; i < 4; i++)
            await store.PublishAsync("m", ("a", $"{i}"));
        await store.Versions.ContributeAsync("data", "job", "w1", ("x", "3"));
        key ??= (await store.FindAsync("m:v2")).RootKey();
        if (isMissing)
            await store.Memory.DeleteAsync(key, Token);
        else
            store.Memory.FlipBit(key, 90);
        store.Memory.Age(2 * Day);
        var before = store.Memory.Keys.Order().ToArray();
        var error = await Assert.ThrowsAsync<StoreDamagedException>(() => CleanAsync(store));
        Assert.Contains("Test-ArtifactStore", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, store.Memory.Keys.Order());
    }

    [Fact]
    public async Task Staged_files_of_killed_processes_are_deleted()
    {
        var objects = new FolderObjectStore(_folder["store"]);
        var versions = await VersionStore.CreateAsync(objects, Token);
        var left = _folder.Write("store/staging/left", "half");
        File.SetLastWriteTimeUtc(left, DateTime.UtcNow - 2 * Day);
        var recent = _folder.Write("store/staging/young", "half");
        await using var staged = await objects.StageAsync(Token);
        await staged.WriteAsync(new byte[10], Token);
        foreach (var file in Directory.GetFiles(_folder["store/staging"]).Except([left, recent]))
            File.SetLastWriteTimeUtc(file, DateTime.UtcNow - 2 * Day);

        var cleanup = Assert.Single(await CleanAsync(Optimizer(objects, versions)));

        Assert.Equal((StoreCleanupKind.StagedFiles, 1, 4), (cleanup.Kind, cleanup.Count, cleanup.Bytes));
        Assert.False(File.Exists(left));
        Assert.True(File.Exists(recent));
        // The writer of this file is still running.
        Assert.True(await staged.CommitAsync("objects/aa/key", Token));
    }

    [Fact]
    public async Task Moved_damaged_objects_are_deleted_once_content_is_restored()
    {
        var store = await TestStore.CreateAsync();
        var v0 = await store.PublishAsync("m", ("a", "1"), ("b", "2"));
        await store.Memory.DamageAsync(v0, "a");
        await store.Memory.RepairAsync();
        store.Memory.Age(2 * Day);
        Assert.DoesNotContain(await CleanAsync(store), item => item.Kind == StoreCleanupKind.DamagedObjects);
        await store.ReopenAsync();
        await store.PublishAsync("m", ("a", "1"), ("b", "2"));
        store.Memory.Age(2 * Day);
        Assert.Contains(await CleanAsync(store), item => item.Kind == StoreCleanupKind.DamagedObjects);
        await AssertSoundAsync(store);
    }

    [Fact]
    public async Task Failed_cleanup_loses_nothing_and_can_be_repeated()
    {
        for (var operation = 1; ; operation++)
        {
            Assert.True(operation < 300, "The operation never succeeds.");
            var store = await StoreWithGarbageAsync();
            var failing = new FailingObjectStore(store.Memory);
            var optimizer = Optimizer(failing, await VersionStore.OpenAsync(failing, Token), rewritesPacks: true);
            failing.FailAt(operation);
            await Record.ExceptionAsync(() => CleanAsync(optimizer));
            await AssertSoundAsync(store);
            for (var i = 0; i < 4; i++)
            {
                store.Memory.Age(2 * Day);
                await CleanAsync(store);
            }
            Assert.Empty(TrashKeys(store));
            Assert.DoesNotContain(store.Memory.Keys, IsIntent);
            await AssertSoundAsync(store);
            if (!failing.HasFailed)
                break;
        }
    }

    [Fact]
    public async Task Cleaned_up_cached_content_is_stored_again()
    {
        var store = await TestStore.CreateAsync();
        await store.PublishAsync("m", ("a", "1"), ("b", "2"));
        await store.PublishAsync("m", ("a", "3"));
        await DeleteAsync(store, "m:v0");
        store.Memory.Age(2 * Day);
        // Another process cleans up, while this store still has cached pages.
        await CleanAsync(Optimizer(store.Memory, await VersionStore.OpenAsync(store.Memory, Token)));
        await store.PublishAsync("m", ("a", "1"), ("b", "2"));
        await AssertSoundAsync(store);
    }

    private static bool IsCondemned(string key) => StoreLayout.TrashedObject(key) is not null;

    private static bool IsIntent(string key) => StoreLayout.IsIntent(key);

    private static IEnumerable<string> TrashKeys(TestStore store) =>
        store.Memory.Keys.Where(key => key.StartsWith(StoreLayout.Trash, StringComparison.Ordinal));

    private static async Task<TestStore> StoreWithGarbageAsync()
    {
        var store = await TestStore.CreateAsync();
        await store.PublishAsync("m", ("a", "1"));
        await store.PublishAsync("m", ("a", new string('x', 5000)), ("b", "2"));
        await using (var next = ArtifactDraft.From(await store.FindAsync("m")))
        {
            await next.RemoveAsync("a");
            await next.PublishAsync();
        }
        await DeleteAsync(store, "m:v0");
        await DeleteAsync(store, "m:v1");
        store.Memory.Age(2 * Day);
        return store;
    }

    private static StoreOptimizer Optimizer(IObjectStore objects, VersionStore versions, bool rewritesPacks = false)
    {
        Assert.Same(objects, versions.Objects);
        return new(
            versions,
            new CleanupOptions { GracePeriod = Day, RewritesPacks = rewritesPacks },
            new TransferProgress()
        );
    }

    private static async Task<List<StoreCleanup>> CleanAsync(TestStore store) =>
        await CleanAsync(Optimizer(store.Memory, await VersionStore.OpenAsync(store.Memory, Token)));

    private static async Task<List<StoreCleanup>> CleanAsync(StoreOptimizer optimizer)
    {
        var done = new List<StoreCleanup>();
        foreach (var planned in await optimizer.PlanAsync(Token))
            done.Add(await optimizer.CleanUpAsync(planned.Kind, Token));
        return done;
    }

    private static async Task PublishAsync(VersionStore versions, string name, (string Path, string Text) file)
    {
        await using var draft = ArtifactDraft.Begin(versions, ArtifactName.Parse(name), TypeName.Parse("model"), []);
        await draft.AddTextAsync(file.Path, file.Text);
        await draft.PublishAsync();
    }

    private static async Task DeleteAsync(TestStore store, string reference) =>
        await VersionEditor.DeleteAsync(await store.FindAsync(reference), true, null, Token);

    private static async Task ExpireAsync(TestStore store, string reference)
    {
        var version = await store.FindAsync(reference);
        var edit = new EditAction(version.Record.Number) { ExpiresAt = DateTimeOffset.UtcNow - Day };
        await VersionEditor.EditAsync(version, edit, null, Token);
    }

    private static async Task AssertSoundAsync(TestStore store) =>
        Assert.Empty(await store.Memory.CheckAsync(full: true));
}
