using ArtifactsPS.Core.Tests.Fixtures;

namespace ArtifactsPS.Core.Tests.Maintenance;

/// <summary>Creates runs in the way the commands do.</summary>
internal static class Runs
{
    public static async Task RecordAsync(VersionStore store, string id, bool ends = true)
    {
        var journal = new RunJournal(store);
        await journal.StartAsync(
            new RunRecord
            {
                Id = id,
                Name = "train",
                User = "user",
                Machine = "machine",
                StartedAt = Timestamp.Now(),
            },
            Token
        );
        await using var draft = ArtifactDraft.Begin(
            store,
            ArtifactName.Parse("made-by-" + id),
            TypeName.Parse("t"),
            []
        );
        await draft.AddTextAsync("file", id);
        var version = await Publisher.PublishAsync(draft, [], [], id, Token);
        await new RunLinks(store).AddAsync(id, version, RunRole.Output, Token);
        if (ends)
            await journal.StopAsync(id, RunOutcome.Succeeded, null, Token);
    }
}
