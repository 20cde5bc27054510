using ArtifactsPS.Core.Tests.Distributed;
using ArtifactsPS.Core.Tests.Fixtures;

namespace ArtifactsPS.Core.Tests.Maintenance.Cleanup;

/// <summary>A clean-up that is killed has deleted nothing that is needed, and another finishes what it left.</summary>
public sealed class KilledCleanupTests : KillingFixture
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_a_killed_clean_up_left_the_next_one_does(bool rewritesPacks)
    {
        // It reads a lot between the points that differ.
        string[] arguments = rewritesPacks ? ["changes", "repack"] : ["changes"];
        IReadOnlyList<string>? expected = null;
        await KillAtEveryPointAsync(
            "optimize",
            arguments,
            PrepareAsync,
            async store =>
            {
                await UntidyStore.CheckAsync(store);
                // Others publish what was about to be deleted, once the killed one can't be at work any more.
                UntidyStore.Age(store.Location, Day);
                await using (var draft = ArtifactDraft.Begin(store, "garbage", "data", []))
                {
                    await draft.AddTextAsync("g", "1");
                    var version = await draft.PublishAsync();
                    Assert.Equal("1", (await version.TextsAsync())["g"]);
                }
                await UntidyStore.CleanAsync(store.Objects, rewritesPacks);
                await UntidyStore.CheckAsync(store);
            },
            async store =>
            {
                // What is written and not committed is cleaned up once it is old, as is a pack that was rewritten.
                for (var i = 0; i < 2; i++)
                {
                    UntidyStore.Age(store.Location, 2 * Day);
                    await UntidyStore.CleanAsync(store.Objects, rewritesPacks);
                }
                var objects = await UntidyStore.CheckTidyAsync(store);
                Assert.Empty(Directory.EnumerateFiles(Path.Combine(store.Location, "staging")));
                expected ??= objects;
                Assert.Equal(expected, objects);
            }
        );
    }

    private static async Task PrepareAsync(VersionStore store)
    {
        await UntidyStore.FillAsync(store);
        await File.WriteAllTextAsync(Path.Combine(store.Location, "staging", new string('0', 32)), "killed", Token);
        UntidyStore.Age(store.Location, 2 * Day);
    }
}
