using ArtifactsPS.Core.Tests.Distributed;
using ArtifactsPS.Core.Tests.Fixtures;

namespace ArtifactsPS.Core.Tests.Maintenance.Checking;

/// <summary>Damage to objects. A problem lists exactly the affected versions and paths.</summary>
public sealed class ObjectDamageTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Damaged_file_problem_lists_its_path_and_versions()
    {
        var store = await StoreOfThreeAsync();
        await store.Memory.DamageAsync(await store.FindAsync("m:v0"), "b");

        Assert.Empty(await store.Memory.CheckAsync());
        var problem = Assert.Single(await store.Memory.CheckAsync(full: true));

        Assert.Equal((StoreProblemKind.ObjectDamaged, ProblemSeverity.Error), (problem.Kind, problem.Severity));
        Assert.Equal(await (await store.FindAsync("m:v0")).ObjectKeyAsync("b"), problem.Key);
        Assert.Equal(["m:v0", "m:v1"], problem.Versions);
        Assert.Equal(["b"], problem.Paths);
        Assert.Equal(1, problem.PathCount);
        Assert.Equal("memory", problem.Store);
        Assert.Contains("Repair-ArtifactStore", problem.Remedy, StringComparison.Ordinal);
        await AssertReadsAsync(store, "m:v2", "n:v0");
    }

    [Fact]
    public async Task Damage_in_unneeded_bytes_is_warning()
    {
        var store = await StoreOfThreeAsync();
        var v0 = await store.FindAsync("m:v0");
        await VersionEditor.DeleteAsync(v0, false, null, Token);
        // The deleted version's page is in the pack with the content of the others.
        store.Memory.FlipBit(v0.RootKey(), v0.Record.StoredRoot!.Location.Offset + 3);
        var problem = Assert.Single(await store.Memory.CheckAsync(full: true));
        Assert.Equal((StoreProblemKind.ObjectDamaged, ProblemSeverity.Warning), (problem.Kind, problem.Severity));
        Assert.Empty(problem.Versions);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Any_damaged_page_byte_is_reported_with_its_version(bool full)
    {
        var store = await StoreOfThreeAsync();
        var v1 = await store.FindAsync("m:v1");
        var found = 0;
        for (var at = 0; at < v1.Record.StoredRoot!.Length; at++)
        {
            store.Memory.FlipBit(v1.RootKey(), v1.Record.StoredRoot!.Location.Offset + at);
            foreach (var problem in await store.Memory.CheckAsync(full))
            {
                found++;
                Assert.Equal(v1.RootKey(), problem.Key);
                Assert.True(problem.Kind is StoreProblemKind.PageDamaged or StoreProblemKind.ObjectDamaged);
                // A changed name of an optional property is no error.
                if (problem.Severity == ProblemSeverity.Error)
                    Assert.Equal(["m:v1"], problem.Versions);
            }
            store.Memory.FlipBit(v1.RootKey(), v1.Record.StoredRoot!.Location.Offset + at);
        }
        Assert.InRange(found, full ? v1.Record.StoredRoot!.Length : 200, v1.Record.StoredRoot!.Length);
        await AssertReadsAsync(store, "m:v0", "m:v1", "m:v2", "n:v0");
    }

    [Fact]
    public async Task Damaged_shared_page_is_reported_once_with_all_versions()
    {
        var store = await TestStore.CreateAsync();
        await using (var draft = store.Begin())
        {
            for (var i = 0; i < 3000; i++)
                await draft.AddTextAsync($"{i:D4}", $"{i}");
            await draft.PublishAsync();
        }
        await using (var next = ArtifactDraft.From(await store.FindAsync("model")))
        {
            await next.AddTextAsync("2999", "changed", replace: true);
            await next.PublishAsync();
        }
        var first = await (await store.FindAsync("model:v0")).Manifest.PagesAsync(Token).ElementAtAsync(1, Token);
        store.Memory.FlipBit(first.Location.Object.Key, first.Location.Offset + 50);
        var problem = Assert.Single(await store.Memory.CheckAsync());
        Assert.Equal(StoreProblemKind.PageDamaged, problem.Kind);
        Assert.Equal(["model:v0", "model:v1"], problem.Versions);
        Assert.Equal((first.EntryCount, "0000"), (problem.PathCount, Assert.Single(problem.Paths)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Missing_object_problem_lists_all_versions_and_paths(bool full)
    {
        var store = await StoreOfThreeAsync();
        var v0 = await store.FindAsync("m:v0");
        await store.Memory.DeleteAsync(v0.RootKey(), Token);

        var problem = Assert.Single(await store.Memory.CheckAsync(full));

        Assert.Equal((StoreProblemKind.ObjectMissing, v0.RootKey()), (problem.Kind, problem.Key));
        // v0 needs its page and files, and v1 needs b.
        Assert.Equal(["m:v0", "m:v1"], problem.Versions);
        Assert.Equal(["b"], problem.Paths);
        await AssertReadsAsync(store, "m:v2", "n:v0");
    }

    [Fact]
    public async Task Truncated_object_is_reported_without_reading_content()
    {
        var store = await StoreOfThreeAsync();
        var v2 = await store.FindAsync("m:v2");
        var key = v2.RootKey();
        store.Memory[key] = store.Memory[key][..^5];
        foreach (var full in new[] { false, true })
        {
            var problem = Assert.Single(await store.Memory.CheckAsync(full));
            Assert.Equal((StoreProblemKind.ObjectTruncated, key), (problem.Kind, problem.Key));
            Assert.Equal(["m:v2"], problem.Versions);
        }
        await AssertReadsAsync(store, "m:v0", "m:v1", "n:v0");
    }

    [Fact]
    public async Task Empty_object_is_reported()
    {
        var store = await StoreOfThreeAsync();
        var key = (await store.FindAsync("n:v0")).RootKey();
        store.Memory[key] = [];
        var problem = Assert.Single(await store.Memory.CheckAsync());
        Assert.Equal(StoreProblemKind.ObjectTruncated, problem.Kind);
        Assert.Equal(["n:v0"], problem.Versions);
        await AssertReadsAsync(store, "m:v0", "m:v1", "m:v2");
    }

    [Fact]
    public async Task Unreadable_object_is_reported_and_others_are_checked()
    {
        var store = await StoreOfThreeAsync();
        var unreadable = (await store.FindAsync("m:v2")).RootKey();
        var damaged = await store.FindAsync("m:v0");
        await store.Memory.DamageAsync(damaged, "b");
        // The checker reads pages first, and whole objects later.
        var medium = new FailingMedium(store.Memory, (key, isWhole) => key == unreadable && isWhole);

        var problems = await medium.CheckAsync(full: true);

        Assert.Equal(2, problems.Count);
        var problem = Assert.Single(problems, problem => problem.Kind == StoreProblemKind.ObjectUnreadable);
        Assert.Equal((unreadable, ProblemSeverity.Error), (problem.Key, problem.Severity));
        Assert.Equal(["m:v2"], problem.Versions);
        Assert.Contains("the medium failed", problem.Message, StringComparison.Ordinal);
        Assert.Contains(problems, other => other.Key == damaged.RootKey());
    }

    [Fact]
    public async Task Unavailable_store_ends_the_check()
    {
        var store = await StoreOfThreeAsync();
        var isGone = false;
        var medium = new FailingMedium(store.Memory, (_, isWhole) => isGone |= isWhole);
        await Assert.ThrowsAsync<StoreUnavailableException>(() => medium.CheckAsync(full: true));
    }

    [Fact]
    public async Task Swapped_objects_are_both_reported()
    {
        var store = await StoreOfThreeAsync();
        var (one, other) = ((await store.FindAsync("m:v2")).RootKey(), (await store.FindAsync("n:v0")).RootKey());
        (store.Memory[one], store.Memory[other]) = (store.Memory[other], store.Memory[one]);

        var problems = await store.Memory.CheckAsync(full: true);

        Assert.Equal(new[] { one, other }.Order(), problems.Select(problem => problem.Key).Order());
        Assert.Equal(["m:v2", "n:v0"], problems.SelectMany(problem => problem.Versions).Order());
        Assert.NotEmpty(await store.Memory.CheckAsync());
        await AssertReadsAsync(store, "m:v0", "m:v1");
    }

    [Fact]
    public async Task Damaged_chunk_problem_lists_versions_that_use_it()
    {
        var store = await TestStore.CreateAsync();
        await LargeFiles.PublishAsync(store, _folder, changes: 2);
        // v0 stores the file whole; v1 and v2 use most of its chunks.
        var whole = await (await store.FindAsync("model:v0")).ObjectKeyAsync("large");
        store.Memory.FlipBit(whole, 5);
        var problem = Assert.Single(await store.Memory.CheckAsync(full: true));
        Assert.Equal(whole, problem.Key);
        Assert.Equal(["model:v0", "model:v1", "model:v2"], problem.Versions);
        Assert.Equal(["large"], problem.Paths);

        store.Memory.FlipBit(whole, 5);
        // v1 and v2 stored the changed chunk again.
        store.Memory.FlipBit(whole, LargeFiles.Bytes(0).Length / 2);
        problem = Assert.Single(await store.Memory.CheckAsync(full: true));
        Assert.Equal(["model:v0"], problem.Versions);
    }

    [Fact]
    public async Task Damaged_chunk_list_is_reported_without_reading_content()
    {
        var store = await TestStore.CreateAsync();
        await LargeFiles.PublishAsync(store, _folder, changes: 2);
        var entry = await (await store.FindAsync("model:v1")).EntryAsync("large");
        store.Memory.FlipBit(entry.Location.Object.Key, entry.Location.Offset);
        var problem = Assert.Single(await store.Memory.CheckAsync());
        Assert.Equal((StoreProblemKind.ChunkListDamaged, entry.Location.Object.Key), (problem.Kind, problem.Key));
        Assert.Equal(["model:v1"], problem.Versions);
        Assert.Equal(["large"], problem.Paths);
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(100, true)]
    public async Task Content_of_open_contributions_is_checked(int files, bool hasPage)
    {
        var store = await TestStore.CreateAsync();
        var contribution = await store.Versions.ContributeAsync(
            "data",
            "job",
            "w1",
            [.. Enumerable.Range(0, files).Select(i => ($"{i}", $"{i}"))]
        );
        Assert.Equal(hasPage, contribution.Adds is PageReference);
        await store.Memory.DeleteAsync(contribution.ObjectKey(), Token);
        var problem = Assert.Single(await store.Memory.CheckAsync());
        Assert.Equal(StoreProblemKind.ObjectMissing, problem.Kind);
        Assert.Contains("the contributions to 'data' under 'job'", problem.Message, StringComparison.Ordinal);
        Assert.Empty(problem.Versions);

        await new DistributedLog(store.Versions, ArtifactName.Parse("data"), DistributedId.Parse("job")).AbandonAsync(
            Token
        );
        Assert.Empty(await store.Memory.CheckAsync());
    }

    [Fact]
    public async Task Removed_paths_of_contributions_are_checked()
    {
        var store = await TestStore.CreateAsync();
        await using var draft = ArtifactDraft.From(await store.PublishAsync("m", ("a", "1"), ("b", "2")));
        await draft.RemoveAsync("b");
        var contribution = await draft.ContributeAsync("job", "w1");
        var key = contribution.Removes!.Value.Location.Object.Key;
        store.Memory[key] = store.Memory[key][..1];
        var problem = Assert.Single(await store.Memory.CheckAsync());
        Assert.Equal((StoreProblemKind.ObjectTruncated, key), (problem.Kind, problem.Key));
    }

    [Theory]
    [InlineData("objects/ab/readme.txt")]
    [InlineData("objects/e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    [InlineData("objects/e4/e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    [InlineData("artifacts/m/log/1.json")]
    [InlineData("artifacts/m/log/000000000000.json")]
    [InlineData("artifacts/m/log/000000000009.json.bak")]
    [InlineData("artifacts/m/checkpoints/x")]
    [InlineData("artifacts/m/other")]
    [InlineData("artifacts/m/distributed/job/log/x.json")]
    [InlineData("runs/r/other.json")]
    public async Task Unexpected_key_is_warning(string key)
    {
        var store = await StoreOfThreeAsync();
        store.Memory[key] = [1, 2, 3];
        var problem = Assert.Single(await store.Memory.CheckAsync(full: true));
        Assert.Equal((StoreProblemKind.UnexpectedKey, ProblemSeverity.Warning), (problem.Kind, problem.Severity));
        Assert.StartsWith(problem.Key, key, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("artifacts/M/log/000000000001.json", "artifacts/M")]
    [InlineData("artifacts/nul/log/000000000001.json", "artifacts/nul")]
    public async Task Unexpected_folder_that_may_be_artifact_is_error(string key, string folder)
    {
        var store = await StoreOfThreeAsync();
        store.Memory[key] = [1, 2, 3];
        var problem = Assert.Single(await store.Memory.CheckAsync(full: true));
        Assert.Equal(
            (StoreProblemKind.UnexpectedKey, ProblemSeverity.Error, folder),
            (problem.Kind, problem.Severity, problem.Key)
        );
    }

    [Fact]
    public async Task Several_kinds_of_damage_are_all_reported()
    {
        var store = await StoreOfThreeAsync();
        await Runs.RecordAsync(store.Versions, "run-1");
        var v2 = await store.FindAsync("m:v2");
        var n = await store.FindAsync("n");
        await store.Memory.DeleteAsync(v2.RootKey(), Token);
        store.Memory.FlipBit(n.RootKey(), 0);
        store.Memory["store.json"] = [];
        store.Memory["runs/run-1/end.json"] = [1];
        await store.Memory.DeleteAsync("artifacts/m/log/000000000002.json", Token);

        var kinds = (await store.Memory.CheckAsync(full: true)).Select(problem => problem.Kind).Order();

        Assert.Equal(
            new[]
            {
                StoreProblemKind.StoreRecordDamaged,
                StoreProblemKind.TransactionMissing,
                StoreProblemKind.RunRecordDamaged,
                StoreProblemKind.ObjectMissing,
                StoreProblemKind.ObjectDamaged,
            }.Order(),
            kinds
        );
    }

    // v0 has files a and b. v1 changes a, and v2 changes both. 'n' has different content.
    private static async Task<TestStore> StoreOfThreeAsync()
    {
        var store = await TestStore.CreateAsync();
        await store.PublishAsync("m", ("a", "first a"), ("b", "first b"));
        await store.PublishAsync("m", ("a", "second a"), ("b", "first b"));
        await store.PublishAsync("m", ("a", "third a"), ("b", "third b"));
        await store.PublishAsync("n", ("file", "text"));
        await store.ReopenAsync();
        return store;
    }

    private static async Task AssertReadsAsync(TestStore store, params string[] references)
    {
        await store.ReopenAsync();
        foreach (var reference in references)
            Assert.NotEmpty(await (await store.FindAsync(reference)).TextsAsync());
    }

    private sealed class FailingMedium(MemoryObjectStore memory, Func<string, bool, bool> fails)
        : StoreDecorator(memory)
    {
        private bool _isReadingObjects;

        protected override void Before(string operation, string key)
        {
            // The checker reads whole objects last.
            if (operation == "list" && key == "objects/")
                _isReadingObjects = true;
            if (
                operation == "read"
                && fails(key, _isReadingObjects && key.StartsWith("objects/", StringComparison.Ordinal))
            )
                throw new StoreUnavailableException(Location, "the medium failed.");
        }
    }
}
