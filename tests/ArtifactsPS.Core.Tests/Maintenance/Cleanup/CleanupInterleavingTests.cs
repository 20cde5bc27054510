using ArtifactsPS.Core.Tests.Distributed;
using ArtifactsPS.Core.Tests.Fixtures;

namespace ArtifactsPS.Core.Tests.Maintenance.Cleanup;

/// <summary>
/// A clean-up and a publisher run concurrently, in every order of operations with two switches between them. Committed
/// versions and contributions are always complete.
/// </summary>
public sealed class CleanupInterleavingTests
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);
    private static readonly TimeSpan RunTimeout = TimeSpan.FromMinutes(1);

    public static TheoryData<string> Scenarios() => [.. All.Keys];

    [Theory]
    [MemberData(nameof(Scenarios))]
    public async Task Concurrent_cleanup_and_publishing_lose_no_committed_content(string scenario)
    {
        var outcomes = new HashSet<string>(StringComparer.Ordinal);
        var prepared = await All[scenario].PrepareAsync();
        foreach (var publisherFirst in new[] { false, true })
            for (var first = 1; ; first++)
            {
                var firstIsDone = false;
                for (var second = 1; ; second++)
                {
                    var run = await RunAsync(prepared, publisherFirst, first, second).WaitAsync(RunTimeout, Token);
                    outcomes.Add(run.Outcome);
                    firstIsDone = run.FirstNeverStopped;
                    if (run.SecondNeverStopped || firstIsDone)
                        break;
                }
                if (firstIsDone)
                    break;
                Assert.True(first < 500, "The run never ends.");
            }
        Assert.Contains(outcomes, outcome => outcome.StartsWith("deleted", StringComparison.Ordinal));
        Assert.Contains(outcomes, outcome => outcome.EndsWith("committed", StringComparison.Ordinal));
    }

    private static readonly Dictionary<string, Scenario> All = new(StringComparer.Ordinal)
    {
        ["equal content of a deleted version"] = new(
            async store =>
            {
                await store.PublishAsync("m", ("a", "1"), ("b", "2"));
                await store.PublishAsync("m", ("a", "3"));
                await DeleteAsync(store, "m:v0");
            },
            async (versions, _) => await PublishAsync(versions, "m", ("a", "1"), ("b", "2"))
        ),
        ["a draft of a version that was deleted"] = new(
            async store =>
            {
                await store.PublishAsync("m", ("a", "1"), ("b", "2"));
                await store.PublishAsync("m", ("a", "3"));
            },
            async (versions, known) =>
            {
                await using var draft = ArtifactDraft.From(Reopened(versions, known));
                await draft.AddTextAsync("c", "4");
                await draft.PublishAsync();
            },
            store => DeleteAsync(store, "m:v0")
        ),
        ["deleting a version and publishing a draft of it"] = new(
            async store =>
            {
                await store.PublishAsync("m", ("a", "1"), ("b", "2"));
                await store.PublishAsync("garbage", ("g", "1"));
                await DeleteAsync(store, "garbage:v0");
            },
            async (versions, known) =>
            {
                var version = Reopened(versions, known);
                await VersionEditor.DeleteAsync(version, true, null, Token);
                await using var draft = ArtifactDraft.From(version);
                await draft.AddTextAsync("c", "4");
                await draft.PublishAsync();
            }
        ),
        ["a contribution to a version that was deleted"] = new(
            async store =>
            {
                await store.PublishAsync("m", ("a", "1"), ("b", "2"));
                await store.PublishAsync("m", ("a", "3"));
            },
            async (versions, known) =>
            {
                await using var draft = ArtifactDraft.From(Reopened(versions, known));
                await draft.AddTextAsync("c", "4");
                await draft.ContributeAsync("job", "w1");
            },
            store => DeleteAsync(store, "m:v0")
        ),
        ["contributing what a deleted version had, and completing"] = new(
            async store =>
            {
                await store.PublishAsync("data", ("x", "1"));
                await store.PublishAsync("data", ("y", "2"));
                await DeleteAsync(store, "data:v0");
            },
            async (versions, _) =>
            {
                await using var draft = ArtifactDraft.Begin(
                    versions,
                    ArtifactName.Parse("data"),
                    TypeName.Parse("model"),
                    []
                );
                await draft.AddTextAsync("x", "1");
                await draft.ContributeAsync("job", "w1");
                await versions.CompleteAsync("data", "job");
            }
        ),
        ["completing what was contributed long ago"] = new(
            async store =>
            {
                await store.Versions.ContributeAsync("data", "job", "w1", ("x", "1"));
                await store.Versions.ContributeAsync("data", "job", "w2", ("y", "2"));
                await store.PublishAsync("garbage", ("g", "1"));
                await DeleteAsync(store, "garbage:v0");
            },
            async (versions, _) => await versions.CompleteAsync("data", "job")
        ),
        ["an alias for a version that is expired"] = new(
            async store =>
            {
                await store.PublishAsync("m", ("a", "1"), ("b", "2"));
                await VersionEditor.EditAsync(
                    await store.FindAsync("m"),
                    new EditAction(0) { ExpiresAt = DateTimeOffset.UtcNow - Day },
                    null,
                    Token
                );
            },
            async (versions, known) =>
                await VersionEditor.SetAliasesAsync(Reopened(versions, known), [AliasName.Parse("prod")], null, Token)
        ),
        ["a draft of a version whose pack is rewritten"] = new(
            async store =>
            {
                await store.PublishAsync("m", ("a", new string('a', 3000)), ("b", "2"));
                await using var next = ArtifactDraft.From(await store.FindAsync("m"));
                await next.RemoveAsync("a");
                await next.PublishAsync();
                await DeleteAsync(store, "m:v0");
                await store.PublishAsync("garbage", ("g", "1"));
                await DeleteAsync(store, "garbage:v0");
            },
            async (versions, _) =>
            {
                await using var draft = ArtifactDraft.From(
                    await versions.FindAsync(ArtifactReference.Parse("m"), Token)
                );
                await draft.AddTextAsync("c", "4");
                await draft.PublishAsync();
            }
        ),
    };

    private static async Task<(string Outcome, bool FirstNeverStopped, bool SecondNeverStopped)> RunAsync(
        PreparedScenario scenario,
        bool publisherFirst,
        int firstStop,
        int secondStop
    )
    {
        var memory = scenario.Store.Copy();
        var one = new SteppingObjectStore(memory, firstStop, announces: !publisherFirst);
        var other = new SteppingObjectStore(memory, secondStop, announces: publisherFirst);
        var (cleaner, publisher) = publisherFirst ? (other, one) : (one, other);

        Func<Task> clean = () => CleanAsync(cleaner);
        Func<Task> publish = async () =>
            await scenario.PublishAsync(await VersionStore.OpenAsync(publisher, Token), scenario.Known);
        var first = Task.Run(publisherFirst ? publish : clean, Token);
        await Task.WhenAny(first, one.Stopped);
        var firstNeverStopped = !one.Stopped.IsCompleted;
        var second = Task.Run(publisherFirst ? clean : publish, Token);
        await Task.WhenAny(second, other.Stopped, other.WaitsForCleanup);
        var secondNeverStopped = !other.Stopped.IsCompleted;
        one.Resume();
        await Task.WhenAny(first, one.WaitsForCleanup);
        other.Resume();
        var cleaned = await Record.ExceptionAsync(() => publisherFirst ? second : first);
        var published = await Record.ExceptionAsync(() => publisherFirst ? first : second);

        Assert.Null(cleaned);
        Assert.True(
            published is null or ObjectCleanedUpException or ObjectMissingException or ArtifactVersionNotFoundException,
            $"{firstStop}/{secondStop}: {published}"
        );
        var problems = await memory.CheckAsync(full: true);
        Assert.True(
            problems.Count == 0,
            $"{(publisherFirst ? "publisher" : "clean-up")} first, {firstStop}/{secondStop}: {string.Join('\n', problems.Select(p => p.Kind + " " + p.Message))}"
        );
        Assert.DoesNotContain(memory.Keys, key => key.StartsWith("cleanup/", StringComparison.Ordinal));
        var gone = scenario.Store.Keys.Except(memory.Keys, StringComparer.Ordinal);
        return (
            $"{(gone.Any() ? "deleted" : "kept")}, {(published is null ? "committed" : "refused")}",
            firstNeverStopped,
            secondNeverStopped
        );
    }

    private static async Task CleanAsync(IObjectStore store)
    {
        var optimizer = new StoreOptimizer(
            await VersionStore.OpenAsync(store, Token),
            new CleanupOptions { GracePeriod = Day, RewritesPacks = true },
            new TransferProgress()
        );
        foreach (var planned in await optimizer.PlanAsync(Token))
            await optimizer.CleanUpAsync(planned.Kind, Token);
    }

    private static async Task DeleteAsync(TestStore store, string reference) =>
        await VersionEditor.DeleteAsync(await store.FindAsync(reference), true, null, Token);

    private static async Task PublishAsync(VersionStore versions, string name, params (string, string)[] files)
    {
        await using var draft = ArtifactDraft.Begin(versions, ArtifactName.Parse(name), TypeName.Parse("model"), []);
        foreach (var (path, text) in files)
            await draft.AddTextAsync(path, text);
        await draft.PublishAsync();
    }

    // The version as another process found it before the deletion.
    private static PublishedVersion Reopened(VersionStore versions, PublishedVersion known) =>
        new(versions, new CatalogState(known.Name), known.Record);

    private delegate Task Publish(VersionStore versions, PublishedVersion known);

    /// <param name="Arrange">Fills the store with a version that the publisher knows.</param>
    /// <param name="Then">Change to the store after the publisher has found the version.</param>
    private sealed record Scenario(
        Func<TestStore, Task> Arrange,
        Publish PublishAsync,
        Func<TestStore, Task>? AfterRead = null
    )
    {
        public async Task<PreparedScenario> PrepareAsync()
        {
            var store = await TestStore.CreateAsync();
            await store.PublishAsync("known", ("k", "1"));
            await Arrange(store);
            var known = await store.FindAsync(store.LogKeys("m").Count > 0 ? "m" : "known");
            if (known.Record.Number > 0 && AfterRead is not null)
                known = await store.FindAsync("m:v0");
            if (AfterRead is not null)
                await AfterRead(store);
            store.Memory.Age(2 * Day);
            return new PreparedScenario(store.Memory, known, PublishAsync);
        }
    }

    private sealed record PreparedScenario(MemoryObjectStore Store, PublishedVersion Known, Publish PublishAsync);
}
