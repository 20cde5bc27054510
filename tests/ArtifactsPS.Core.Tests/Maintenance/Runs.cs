using ArtifactsPS.Core.Tests.Fixtures;

namespace ArtifactsPS.Core.Tests.Maintenance;

/// <summary>Creates runs in the way the commands do.</summary>
internal static class Runs
{
    public static async Task RecordAsync(VersionStore store, string text, bool ends = true)
    {
        var id = RunId.Parse(text);
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
            ArtifactName.Parse("made-by-" + text),
            TypeName.Parse("t"),
            []
        );
        await draft.AddTextAsync("file", text);
        var version = await Publisher.PublishAsync(draft, [], [], id, Token);
        await new RunLinks(store).AddAsync(id, version, RunRole.Output, Token);
        if (ends)
            await journal.StopAsync(id, new RunEnding(RunOutcome.Succeeded, null), Token);
    }
}
