using ArtifactsPS.Core.Tests.Distributed;
using ArtifactsPS.Core.Tests.Fixtures;

namespace ArtifactsPS.Core.Tests.Maintenance.Checking;

/// <summary>Damage to records: the store's record, transactions, checkpoints, contributions and runs.</summary>
public sealed class RecordDamageTests
{
    public static TheoryData<string, StoreProblemKind, ProblemSeverity> Records() =>
        new()
        {
            { "store.json", StoreProblemKind.StoreRecordDamaged, ProblemSeverity.Error },
            { "artifacts/m/log/000000000033.json", StoreProblemKind.TransactionDamaged, ProblemSeverity.Error },
            { "artifacts/m/log/000000000020.json", StoreProblemKind.TransactionDamaged, ProblemSeverity.Error },
            {
                "artifacts/m/checkpoints/000000000032.json",
                StoreProblemKind.CheckpointDamaged,
                ProblemSeverity.Warning
            },
            {
                "artifacts/data/distributed/job/log/000000000001.json",
                StoreProblemKind.ContributionDamaged,
                ProblemSeverity.Error
            },
            { "runs/run-1/start.json", StoreProblemKind.RunRecordDamaged, ProblemSeverity.Error },
            { "runs/run-1/end.json", StoreProblemKind.RunRecordDamaged, ProblemSeverity.Error },
            { "runs/run-1/outputs/made-by-run-1/0.json", StoreProblemKind.RunRecordDamaged, ProblemSeverity.Warning },
            {
                "artifacts/made-by-run-1/runs/0/outputs/run-1.json",
                StoreProblemKind.RunRecordDamaged,
                ProblemSeverity.Warning
            },
        };

    [Theory]
    [MemberData(nameof(Records))]
    public async Task Damaged_or_truncated_record_is_reported(
        string key,
        StoreProblemKind kind,
        ProblemSeverity severity
    )
    {
        var store = await StoreOfManyAsync();
        var bytes = store.Memory[key];
        foreach (var damaged in new[] { [], bytes[..^2], Flipped(bytes, 3), Flipped(bytes, bytes.Length / 2) })
        {
            store.Memory[key] = damaged;
            var problem = Assert.Single(await store.Memory.CheckAsync());
            Assert.Equal((kind, severity, key), (problem.Kind, problem.Severity, problem.Key));
            Assert.NotEmpty(problem.Remedy);
        }
    }

    [Fact]
    public async Task Missing_store_record_is_reported()
    {
        var store = await StoreOfManyAsync();
        await store.Memory.DeleteAsync("store.json", Token);
        var problem = Assert.Single(await store.Memory.CheckAsync());
        Assert.Equal((StoreProblemKind.StoreRecordMissing, "store.json"), (problem.Kind, problem.Key));
    }

    [Fact]
    public async Task Store_of_later_format_is_not_checked()
    {
        var memory = new MemoryObjectStore { ["store.json"] = SealedRecord.Encode("{\"format\":2,\"id\":\"x\"}") };
        await Assert.ThrowsAsync<StoreFormatNotSupportedException>(() => memory.CheckAsync());
    }

    [Fact]
    public async Task Missing_transaction_problem_lists_unreachable_versions()
    {
        var store = await TestStore.CreateAsync();
        for (var i = 0; i < 6; i++)
            await store.PublishAsync("m", ("file", $"{i}"));
        await store.PublishAsync("n", ("file", "text"));
        await store.Memory.DeleteAsync("artifacts/m/log/000000000003.json", Token);
        await store.Memory.DeleteAsync("artifacts/m/log/000000000004.json", Token);

        var problem = Assert.Single(await store.Memory.CheckAsync());

        Assert.Equal(
            (StoreProblemKind.TransactionMissing, "artifacts/m/log/000000000003.json"),
            (problem.Kind, problem.Key)
        );
        Assert.Contains("Transactions 3 to 4 of 'm'", problem.Message, StringComparison.Ordinal);
        Assert.Equal(["m:v4", "m:v5"], problem.Versions);
        await store.ReopenAsync();
        await Assert.ThrowsAsync<LogIncompleteException>(() => store.FindAsync("m:v1"));
        Assert.Equal("text", await store.ReadTextAsync(await store.FindAsync("n"), "file"));
    }

    [Fact]
    public async Task Versions_after_missing_transaction_are_checked()
    {
        var store = await TestStore.CreateAsync();
        for (var i = 0; i < 6; i++)
            await store.PublishAsync("m", ("file", $"{i}"));
        await store.Memory.DeleteAsync((await store.FindAsync("m:v5")).RootKey(), Token);
        await store.Memory.DeleteAsync("artifacts/m/log/000000000003.json", Token);
        var problems = await store.Memory.CheckAsync();
        Assert.Equal(2, problems.Count);
        Assert.Equal(["m:v5"], problems.Single(p => p.Kind == StoreProblemKind.ObjectMissing).Versions);
    }

    [Fact]
    public async Task Missing_transaction_before_checkpoint_affects_no_version()
    {
        var store = await StoreOfManyAsync();
        await store.Memory.DeleteAsync("artifacts/m/log/000000000007.json", Token);
        var problem = Assert.Single(await store.Memory.CheckAsync());
        Assert.Equal(StoreProblemKind.TransactionMissing, problem.Kind);
        Assert.Empty(problem.Versions);
        Assert.Contains("A checkpoint", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Checkpoint_reveals_missing_last_transactions()
    {
        var store = await StoreOfManyAsync();
        foreach (var key in store.LogKeys("m").Skip(30))
            await store.Memory.DeleteAsync(key, Token);
        var problem = Assert.Single(await store.Memory.CheckAsync());
        Assert.Equal(
            (StoreProblemKind.TransactionMissing, "artifacts/m/log/000000000031.json"),
            (problem.Kind, problem.Key)
        );
        Assert.Contains("Transactions 31 to 32", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Completed_distributed_version_reveals_missing_last_transaction()
    {
        var store = await StoreOfManyAsync();
        await store.Versions.CompleteAsync("data", "job");
        Assert.Empty(await store.Memory.CheckAsync());
        await store.Memory.DeleteAsync("artifacts/data/log/000000000001.json", Token);
        var problem = Assert.Single(await store.Memory.CheckAsync());
        Assert.Equal(
            (StoreProblemKind.TransactionMissing, "artifacts/data/log/000000000001.json"),
            (problem.Kind, problem.Key)
        );
    }

    [Theory]
    [InlineData("artifacts/made-by-run-1/runs/")]
    [InlineData("runs/run-1/outputs/")]
    [InlineData("artifacts/made-by-run-1/attestations/")]
    public async Task Run_link_reveals_missing_last_transaction(string kept)
    {
        var store = await StoreOfManyAsync();
        var log = Assert.Single(store.LogKeys("made-by-run-1"));
        await store.Memory.DeleteAsync(log, Token);
        foreach (var key in store.Memory.Keys.Where(IsOtherLink).ToList())
            await store.Memory.DeleteAsync(key, Token);
        var problem = Assert.Single(await store.Memory.CheckAsync());
        Assert.Equal((StoreProblemKind.TransactionMissing, log), (problem.Kind, problem.Key));
        Assert.Contains(kept, problem.Message, StringComparison.Ordinal);

        bool IsOtherLink(string key) =>
            (
                key.Contains("/outputs/", StringComparison.Ordinal)
                || key.Contains("/attestations/", StringComparison.Ordinal)
            ) && !key.StartsWith(kept, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Missing_page_of_checkpoint_is_reported_as_its_damage()
    {
        var store = await TestStore.CreateAsync();
        for (var i = 0; i < 160; i++)
            await store.PublishAsync("m", ("file", $"{i}"));
        var page = store.Memory.Keys.First(key => key.StartsWith("artifacts/m/versions/", StringComparison.Ordinal));
        await store.Memory.DeleteAsync(page, Token);
        var problems = await store.Memory.CheckAsync();
        Assert.NotEmpty(problems);
        Assert.All(problems, problem => Assert.Equal(StoreProblemKind.CheckpointDamaged, problem.Kind));
        Assert.Contains(page, problems[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Exchanged_transactions_are_reported()
    {
        var store = await TestStore.CreateAsync();
        for (var i = 0; i < 4; i++)
            await store.PublishAsync("m", ("file", $"{i}"));
        var keys = store.LogKeys("m");
        (store.Memory[keys[1]], store.Memory[keys[2]]) = (store.Memory[keys[2]], store.Memory[keys[1]]);
        Assert.Equal(
            [keys[1], keys[2]],
            (await store.Memory.CheckAsync()).Select(problem => problem.Key).Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public async Task Checkpoint_with_wrong_state_is_reported()
    {
        var store = await StoreOfManyAsync();
        const string key = "artifacts/m/checkpoints/000000000032.json";
        var body = DerivedRecord.Decode(store.Memory[key]).Body;
        store.Memory[key] = SealedRecord.Encode(
            body.Replace("\"latest\":31", "\"latest\":30", StringComparison.Ordinal)
        );
        var problem = Assert.Single(await store.Memory.CheckAsync());
        Assert.Equal((StoreProblemKind.CheckpointWrong, key), (problem.Kind, problem.Key));
    }

    [Fact]
    public async Task Damaged_checkpoint_leaves_versions_readable()
    {
        var store = await StoreOfManyAsync();
        store.Memory.FlipBit("artifacts/m/checkpoints/000000000032.json", 200);
        await store.ReopenAsync();
        Assert.Equal(39, (await store.FindAsync("m")).Record.Number);
    }

    [Fact]
    public async Task Missing_contribution_is_reported()
    {
        var store = await StoreOfManyAsync();
        await store.Versions.ContributeAsync("data", "job", "w2", ("y", "2"));
        await store.Memory.DeleteAsync("artifacts/data/distributed/job/log/000000000001.json", Token);
        var problem = Assert.Single(await store.Memory.CheckAsync());
        Assert.Equal(
            (StoreProblemKind.ContributionMissing, "artifacts/data/distributed/job/log/000000000001.json"),
            (problem.Kind, problem.Key)
        );
    }

    [Fact]
    public async Task Run_without_start_record_is_reported()
    {
        var store = await StoreOfManyAsync();
        await store.Memory.DeleteAsync("runs/run-1/start.json", Token);
        var problem = Assert.Single(await store.Memory.CheckAsync());
        Assert.Equal((StoreProblemKind.RunRecordMissing, "runs/run-1/start.json"), (problem.Kind, problem.Key));
    }

    // 'm' has 40 versions and a checkpoint, and 'data' has an open contribution. There is also a run.
    private static async Task<TestStore> StoreOfManyAsync()
    {
        var store = await TestStore.CreateAsync();
        for (var i = 0; i < 40; i++)
            await store.PublishAsync("m", ("file", $"{i}"));
        await store.Versions.ContributeAsync("data", "job", "w1", ("x", "1"));
        await Runs.RecordAsync(store.Versions, "run-1");
        return store;
    }

    private static byte[] Flipped(byte[] bytes, int at)
    {
        var flipped = bytes.ToArray();
        flipped[at] ^= 4;
        return flipped;
    }
}
