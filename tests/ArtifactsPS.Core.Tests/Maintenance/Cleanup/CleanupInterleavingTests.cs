using ArtifactsPS.Core.Tests.Fixtures;

namespace ArtifactsPS.Core.Tests.Maintenance.Cleanup;

/// <summary>
/// A clean-up without grace period and a publisher run concurrently, in orders of operations with two switches between
/// them (all of them at full size), and in some orders with a second clean-up or a killed publisher. Committed versions and contributions are always complete.
/// </summary>
public sealed class CleanupInterleavingTests
{
    private static readonly TimeSpan RunTimeout = TimeSpan.FromMinutes(1);

    /// <summary>Another event while both processes are suspended.</summary>
    public enum Event
    {
        None,

        /// <summary>Another clean-up runs, from its start to its end.</summary>
        SecondCleanup,

        /// <summary>The publisher is killed.</summary>
        Crash,
    }

    public static TheoryData<string, bool, Event> Cases() =>
        [
            .. from scenario in CleanupScenarios.All.Keys
            from isBucket in new[] { false, true }
            from item in Enum.GetValues<Event>()
            select (scenario, isBucket, item),
        ];

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Concurrent_cleanup_and_publishing_lose_no_committed_content(
        string scenario,
        bool isBucket,
        Event item
    )
    {
        var outcomes = new HashSet<string>(StringComparer.Ordinal);
        var prepared = await CleanupScenarios.All[scenario].PrepareAsync();
        // A sample of the orders where something else happens. Usually a ninth of the others: every third first number, each
        // with every third second one.
        var step = isBucket || item != Event.None ? 23 : TestSize.Step(3);
        // A crash of a publisher that was suspended first is the same as one without a switch before it.
        foreach (var publisherFirst in item == Event.Crash ? new[] { false } : [false, true])
            for (var first = 1; ; first += step)
            {
                var firstIsDone = false;
                for (var second = 1 + first / step % step; ; second += step)
                {
                    var run = new InterleavedRun(prepared, isBucket, item, publisherFirst, first, second);
                    await run.RunAsync().WaitAsync(RunTimeout, Token);
                    outcomes.Add(run.Outcome);
                    firstIsDone = run.FirstNeverStopped;
                    if (run.SecondNeverStopped || firstIsDone)
                        break;
                }
                if (firstIsDone)
                    break;
                Assert.True(first < 500, "The run never ends.");
            }
        if (!isBucket && item == Event.None)
            Assert.Contains(outcomes, outcome => outcome.StartsWith("deleted", StringComparison.Ordinal));
        Assert.Contains(outcomes, outcome => outcome.EndsWith("committed", StringComparison.Ordinal));
    }
}
