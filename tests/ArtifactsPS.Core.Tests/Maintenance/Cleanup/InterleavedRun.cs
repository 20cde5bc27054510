using ArtifactsPS.Core.Tests.Fixtures;
using Event = ArtifactsPS.Core.Tests.Maintenance.Cleanup.CleanupInterleavingTests.Event;

namespace ArtifactsPS.Core.Tests.Maintenance.Cleanup;

/// <summary>One order of operations of a clean-up and a publisher.</summary>
/// <param name="firstStop">Operation before which the process that starts first is suspended, from 1.</param>
/// <param name="secondStop">Operation before which the other process is suspended. Then the first one continues to its
/// end.</param>
internal sealed class InterleavedRun(
    CleanupScenarios.Prepared scenario,
    bool isBucket,
    Event item,
    bool publisherFirst,
    int firstStop,
    int secondStop
)
{
    private readonly MemoryObjectStore _memory = scenario.Store.Copy();

    /// <summary>Result, as text.</summary>
    public string Outcome { get; private set; } = "";

    /// <summary>Whether the first process ended before its stop.</summary>
    public bool FirstNeverStopped { get; private set; }

    /// <summary>Whether the second process ended before its stop.</summary>
    public bool SecondNeverStopped { get; private set; }

    /// <summary>Runs both processes, and checks the store.</summary>
    public async Task RunAsync()
    {
        var one = Open(firstStop);
        var other = Open(secondStop);
        var (cleaner, publisher) = publisherFirst ? (other, one) : (one, other);
        Func<Task> clean = () => CleanAsync(cleaner);
        Func<Task> publish = async () =>
            await scenario.PublishAsync(await VersionStore.OpenAsync(publisher, Token), scenario.Known);

        var first = Task.Run(publisherFirst ? publish : clean, Token);
        await Task.WhenAny(first, one.Stopped);
        FirstNeverStopped = !one.Stopped.IsCompleted;
        var second = Task.Run(publisherFirst ? clean : publish, Token);
        await Task.WhenAny(second, other.Stopped);
        SecondNeverStopped = !other.Stopped.IsCompleted;
        if (item == Event.SecondCleanup)
            await CleanAsync(Open(int.MaxValue));
        one.Resume();
        var ends = await Record.ExceptionAsync(() => first);
        // A killed publisher never continues.
        var isKilled = item == Event.Crash && !second.IsCompleted;
        if (!isKilled)
            other.Resume();
        var end = isKilled ? null : await Record.ExceptionAsync(() => second);
        var (cleaned, published) = publisherFirst ? (end, ends) : (ends, end);

        // A clean-up that rewrites packs is a writer, too: another clean-up may delete its new packs.
        Assert.True(
            cleaned is null || (item == Event.SecondCleanup && cleaned is ObjectCleanedUpException),
            $"{this}: {cleaned}"
        );
        Assert.True(
            published is null or ObjectCleanedUpException or ObjectMissingException or ArtifactVersionNotFoundException,
            $"{this}: {published}"
        );
        await CheckAsync();
        var gone = scenario.Store.Keys.Where(StoreLayout.IsObject).Except(_memory.Keys, StringComparer.Ordinal);
        Outcome =
            (gone.Any() ? "deleted" : "kept")
            + (
                isKilled ? ", killed"
                : published is null ? ", committed"
                : ", refused"
            );
        // The next clean-ups close the intents of killed writers, and empty the trash.
        for (var i = 0; i < 2; i++)
            await CleanAsync(Open(int.MaxValue));
        await CheckAsync();
        Assert.DoesNotContain(_memory.Keys, IsLeftover);
    }

    public override string ToString() =>
        $"{(publisherFirst ? "publisher" : "clean-up")} first, {firstStop}/{secondStop}";

    private static bool IsLeftover(string key) =>
        key.StartsWith(StoreLayout.Trash, StringComparison.Ordinal)
        || key.StartsWith(StoreLayout.Intents, StringComparison.Ordinal);

    private SteppingObjectStore Open(int stop) => new(_memory, stop, isBucket);

    private async Task CheckAsync()
    {
        var problems = await _memory.CheckAsync(full: true);
        Assert.True(
            problems.Count == 0,
            $"{this}: {string.Join('\n', problems.Select(problem => problem.Kind + " " + problem.Message))}"
        );
    }

    // Both steps, as the command does without a grace period.
    private static async Task CleanAsync(IObjectStore store)
    {
        var optimizer = new StoreOptimizer(
            await VersionStore.OpenAsync(store, Token),
            new CleanupOptions { GracePeriod = TimeSpan.Zero, RewritesPacks = true },
            new TransferProgress()
        );
        foreach (var planned in await optimizer.PlanAsync(Token))
            await optimizer.CleanUpAsync(planned.Kind, Token);
        await optimizer.CleanUpAsync(StoreCleanupKind.CondemnedObjects, Token);
    }
}
