using ArtifactsPS.Core.Tests.Distributed;
using ArtifactsPS.Core.Tests.Fixtures;

namespace ArtifactsPS.Core.Tests.Maintenance.Cleanup;

/// <summary>A killed clean-up has deleted no needed content, and the next one completes its work.</summary>
public sealed class KilledCleanupTests : KillPointTests
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Cleanup_finishes_work_of_killed_cleanup(bool rewritesPacks)
    {
        // Stop only at changes, because a clean-up reads a lot between them.
        string[] arguments = rewritesPacks ? ["changes", "repack"] : ["changes"];
        IReadOnlyList<string>? expected = null;
        await KillAtEveryPointAsync(
            "optimize",
            arguments,
            PrepareAsync,
            async store =>
            {
                await UntidyStore.CheckAsync(store);
                // Another process publishes content that was to be deleted.
                UntidyStore.Age(store.Location, Day);
                await using (
                    var draft = ArtifactDraft.Begin(store, ArtifactName.Parse("garbage"), TypeName.Parse("data"), [])
                )
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
                // Uncommitted files and rewritten packs are condemned when they are old, and purged later.
                for (var i = 0; i < 4; i++)
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
