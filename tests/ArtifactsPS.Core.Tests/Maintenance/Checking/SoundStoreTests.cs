using ArtifactsPS.Core.Tests.Distributed;
using ArtifactsPS.Core.Tests.Fixtures;

namespace ArtifactsPS.Core.Tests.Maintenance.Checking;

/// <summary>Checks of undamaged stores, which find no problems.</summary>
public sealed class SoundStoreTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Empty_store_has_no_problems()
    {
        var store = await TestStore.CreateAsync();
        Assert.Empty(await store.Memory.CheckAsync(full: true));
    }

    [Fact]
    public async Task Checking_missing_store_fails() =>
        await Assert.ThrowsAsync<StoreNotFoundException>(() => new MemoryObjectStore().CheckAsync());

    [Fact]
    public async Task Versions_with_all_kinds_of_changes_have_no_problems()
    {
        var store = await TestStore.CreateAsync();
        for (var i = 0; i < 40; i++)
            await store.PublishAsync("M", ("file", $"{i}"), ("same", "same"), ("empty", ""));
        await VersionEditor.SetAliasesAsync(await store.FindAsync("m:v5"), [AliasName.Parse("prod")], null, Token);
        await VersionEditor.EditAsync(
            await store.FindAsync("m:v6"),
            new EditAction(6)
            {
                Description = "six",
                AddTags = [TagName.Parse("tag")],
                ExpiresAt = Timestamp.Now(),
            },
            null,
            Token
        );
        for (var i = 20; i < 40; i++)
            await VersionEditor.DeleteAsync(await store.FindAsync($"m:v{i}"), false, null, Token);
        await store.PublishAsync("gone", ("file", "1"));
        await VersionEditor.DeleteAllAsync(
            await store.FindAsync("gone"),
            [.. Enumerable.Range(0, 9)],
            true,
            null,
            Token
        );

        Assert.NotEmpty(store.CheckpointKeys("m"));
        Assert.Empty(await store.Memory.CheckAsync(full: true));
    }

    [Fact]
    public async Task Deletion_and_cleanup_during_check_cause_no_problems()
    {
        var prepared = await TestStore.CreateAsync();
        await LargeFiles.PublishAsync(prepared, _folder, changes: 1);
        await prepared.PublishAsync("m", ("file", "0"));
        await prepared.PublishAsync("m", ("file", "1"));
        var deleted = new[]
        {
            await prepared.FindAsync("m:v0"),
            await prepared.FindAsync("model:v0"),
            await prepared.FindAsync("model:v1"),
        };
        for (var operation = 1; ; operation++)
        {
            var memory = prepared.Memory.Copy();
            var stepping = new SteppingObjectStore(memory, operation, isBucket: false);
            var checking = Task.Run(() => stepping.CheckAsync(full: true), Token);
            await Task.WhenAny(checking, stepping.Stopped);
            if (!stepping.Stopped.IsCompleted)
                break;
            var store = await VersionStore.OpenAsync(memory, Token);
            foreach (var version in deleted)
                await VersionEditor.DeleteAsync(
                    await store.FindAsync(ArtifactReference.Parse(version.Reference), Token),
                    true,
                    null,
                    Token
                );
            memory.Age(TimeSpan.FromDays(2));
            await UntidyStore.CleanAsync(memory, rewritesPacks: false);
            Assert.DoesNotContain(deleted[0].RootKey(), memory.Keys);
            stepping.Resume();
            var problems = await checking;
            Assert.True(problems.Count == 0, $"{operation}: {string.Join(' ', problems.Select(p => p.Message))}");
        }
    }

    [Fact]
    public async Task Trees_references_and_derived_versions_have_no_problems()
    {
        var store = await TestStore.CreateAsync();
        await using (var draft = store.Begin())
        {
            for (var i = 0; i < 3000; i++)
                await draft.AddTextAsync($"folder {i % 7}/{i}", $"{i}");
            await draft.AddAsync(
                ManifestEntry.Reference(EntryPath.Parse("ref"), "https://example.com/x", null, null),
                false,
                Token
            );
            Assert.True((await draft.PublishAsync()).Record.Root.Level > 0);
        }
        await using (var next = ArtifactDraft.From(await store.FindAsync("model")))
        {
            await next.AddTextAsync("folder 3/3", "changed", replace: true);
            await next.RemoveAsync("folder 5/");
            await next.PublishAsync();
        }
        await using (var empty = ArtifactDraft.From(await store.FindAsync("model")))
        {
            await empty.RemoveAsync("folder 0/");
            foreach (var path in await empty.PathsAsync())
                await empty.RemoveAsync(path);
            await empty.PublishAsync();
        }
        Assert.Empty(await store.Memory.CheckAsync(full: true));
    }

    [Fact]
    public async Task Large_and_chunked_files_have_no_problems()
    {
        var store = await TestStore.CreateAsync();
        await LargeFiles.PublishAsync(store, _folder, changes: 2);
        Assert.True((await (await store.FindAsync("model")).EntryAsync("large")).Location.IsChunked);
        Assert.Empty(await store.Memory.CheckAsync(full: true));
    }

    [Fact]
    public async Task Distributed_versions_of_all_states_have_no_problems()
    {
        var store = await TestStore.CreateAsync();
        var from = await store.PublishAsync("m", ("a", "1"), ("b", "2"));
        await using (var draft = ArtifactDraft.From(from))
        {
            await draft.RemoveAsync("b");
            await draft.AddTextAsync("c", "3");
            await draft.ContributeAsync("open", "w1");
        }
        await store.Versions.ContributeAsync("data", "done", "w1", ("x", "1"));
        await store.Versions.CompleteAsync("data", "done");
        await store.Versions.ContributeAsync("data", "left", "w1", ("x", "2"));
        await new DistributedLog(store.Versions, ArtifactName.Parse("data"), DistributedId.Parse("left")).AbandonAsync(
            Token
        );

        await store.Versions.ContributeAsync("data", "sealed", "w1", ("x", "3"));
        var failing = new FailingObjectStore(store.Memory);
        var versions = await VersionStore.OpenAsync(failing, Token);
        failing.FailAt(1, "create", "artifacts/data/log/");
        await Assert.ThrowsAsync<StoreUnavailableException>(() => versions.CompleteAsync("data", "sealed"));
        Assert.Equal(DistributedStatus.Sealed, (await store.Versions.ReadDistributedAsync("data", "sealed")).Status);

        Assert.Empty(await store.Memory.CheckAsync(full: true));
    }

    [Fact]
    public async Task Runs_and_their_links_have_no_problems()
    {
        var store = await TestStore.CreateAsync();
        await Runs.RecordAsync(store.Versions, "run-1");
        await Runs.RecordAsync(store.Versions, "run-2", ends: false);
        Assert.Empty(await store.Memory.CheckAsync(full: true));
    }

    [Fact]
    public async Task Store_in_folder_has_no_problems()
    {
        var objects = new FolderObjectStore(_folder["store"]);
        var versions = await VersionStore.CreateAsync(objects, Token);
        await using var draft = ArtifactDraft.Begin(versions, ArtifactName.Parse("m"), TypeName.Parse("t"), []);
        await draft.AddFileAsync("file", _folder.Write("file", "text"));
        await draft.PublishAsync();
        Assert.Empty(await objects.CheckAsync(full: true));
    }

    [Fact]
    public async Task Unneeded_objects_are_counted_but_cause_no_problem()
    {
        var store = await TestStore.CreateAsync();
        await store.PublishAsync("m", ("file", "1"));
        await store.PublishAsync("m", ("file", "2"));
        await VersionEditor.DeleteAsync(await store.FindAsync("m:v0"), false, null, Token);
        var problems = new ResultList<StoreProblem>();
        var checker = new StoreChecker(store.Memory, problems, new TransferProgress());
        await checker.CheckAsync(allBytes: true, Token);
        Assert.Empty(problems);
        Assert.Equal(1, checker.UnneededObjects);
        Assert.True(checker.UnneededBytes > 0);
    }

    [Fact]
    public async Task Page_shared_by_versions_is_read_once_with_others()
    {
        var store = await TestStore.CreateAsync();
        await using (var draft = store.Begin())
        {
            for (var i = 0; i < 3000; i++)
                await draft.AddTextAsync($"{i}", $"{i}");
            await draft.PublishAsync();
        }
        for (var i = 0; i < 5; i++)
        {
            await using var next = ArtifactDraft.From(await store.FindAsync("model"));
            await next.AddTextAsync("1500", $"changed {i}", replace: true);
            await next.PublishAsync();
        }
        var pages = await (await store.FindAsync("model")).Manifest.PagesAsync(Token).CountAsync(Token);
        store.Counting.Reset();
        var progress = new TransferProgress();
        await new StoreChecker(store.Counting, new ResultList<StoreProblem>(), progress).CheckAsync(false, Token);
        Assert.InRange(progress.Files, pages + 5, pages + 5 * 3);
        var reads = store.Counting.KeysOf("read").Count(key => key.StartsWith("objects/", StringComparison.Ordinal));
        Assert.InRange(reads, 1, 5 * 3 + 5);
        Assert.Single(store.Counting.KeysOf("list"), "objects/");
    }
}
