using ArtifactsPS.Core.Tests.Distributed;
using ArtifactsPS.Core.Tests.Fixtures;

namespace ArtifactsPS.Core.Tests.Maintenance.Cleanup;

/// <summary>Writers that rely on objects which a concurrent clean-up wants to delete.</summary>
internal static class CleanupScenarios
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    public static readonly IReadOnlyDictionary<string, Scenario> All = new Dictionary<string, Scenario>(
        StringComparer.Ordinal
    )
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

    internal delegate Task Publish(VersionStore versions, PublishedVersion known);

    /// <param name="Arrange">Fills the store with a version that the publisher knows.</param>
    /// <param name="Then">Change to the store after the publisher has found the version.</param>
    internal sealed record Scenario(
        Func<TestStore, Task> Arrange,
        Publish PublishAsync,
        Func<TestStore, Task>? AfterRead = null
    )
    {
        public async Task<Prepared> PrepareAsync()
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
            return new Prepared(store.Memory, known, PublishAsync);
        }
    }

    internal sealed record Prepared(MemoryObjectStore Store, PublishedVersion Known, Publish PublishAsync);
}
