using ArtifactsPS.Core.Tests.Distributed;
using ArtifactsPS.Core.Tests.Fixtures;

namespace ArtifactsPS.Core.Tests.Records;

/// <summary>Missing records of logs are reported to readers and writers, and nothing is written in their place.</summary>
public sealed class LogIncompleteTests
{
    [Theory]
    [InlineData(3, 3)]
    [InlineData(70, 1)]
    [InlineData(70, 66)]
    [InlineData(70, 65)]
    public async Task Missing_transaction_stops_readers_and_writers(int transactions, int missing)
    {
        var store = await TestStore.CreateAsync();
        var log = await GeneratedLog.OfAsync(store.Memory, "m");
        log.ExtendTo(transactions + 1);
        var key = log.KeyOf(missing);
        if (missing <= 64)
            foreach (var checkpoint in store.CheckpointKeys("m"))
                await store.Memory.DeleteAsync(checkpoint, Token);
        await store.Memory.DeleteAsync(key, Token);
        await store.ReopenAsync();
        var before = store.Memory.Keys.ToHashSet(StringComparer.Ordinal);

        var read = await Assert.ThrowsAsync<LogIncompleteException>(() => store.FindAsync("m"));
        var write = await Assert.ThrowsAsync<LogIncompleteException>(() => store.PublishAsync("m", ("a", "1")));
        var history = await Assert.ThrowsAsync<LogIncompleteException>(async () =>
            await store.Versions.OpenCatalog(ArtifactName.Parse("m")).HistoryAsync(Token).CountAsync(Token)
        );

        Assert.All(new[] { read, write, history }, error => Assert.Equal(key, error.Target));
        Assert.DoesNotContain(
            store.Memory.Keys,
            item => item.Contains("/log/", StringComparison.Ordinal) && !before.Contains(item)
        );
    }

    [Fact]
    public async Task Checkpoint_beyond_end_of_log_is_reported()
    {
        var store = await TestStore.CreateAsync();
        var log = await GeneratedLog.OfAsync(store.Memory, "m");
        log.ExtendTo(64);
        await store.Memory.DeleteAsync(log.KeyOf(64), Token);
        await store.ReopenAsync();
        var error = await Assert.ThrowsAsync<LogIncompleteException>(() => store.FindAsync("m"));
        Assert.Equal(log.KeyOf(64), error.Target);
        Assert.Contains("checkpoint of transaction 64", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Missing_contribution_stops_readers_and_writers()
    {
        var store = await TestStore.CreateAsync();
        foreach (var writer in new[] { "w1", "w2", "w3" })
            await store.Versions.ContributeAsync("data", "job", writer, (writer, "1"));
        const string Key = "artifacts/data/distributed/job/log/000000000002.json";
        await store.Memory.DeleteAsync(Key, Token);

        var error = await Assert.ThrowsAsync<LogIncompleteException>(() => store.Versions.CompleteAsync("data", "job"));
        Assert.Equal(Key, error.Target);
        await Assert.ThrowsAsync<LogIncompleteException>(() =>
            store.Versions.ContributeAsync("data", "job", "w4", ("w4", "1"))
        );
        Assert.False(await store.Memory.ExistsAsync(Key, Token));
    }
}
