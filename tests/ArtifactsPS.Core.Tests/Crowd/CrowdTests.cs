using System.Globalization;
using ArtifactsPS.Core.Tests.Distributed;
using ArtifactsPS.Core.Tests.Fixtures;
using ArtifactsPS.Core.Tests.Maintenance;

namespace ArtifactsPS.Core.Tests.Crowd;

/// <summary>
/// Many processes with different roles use one store at once, and hours of store time pass between their actions. Live
/// versions are always complete, and the final store has no problems. The test runs for some seconds, or with more processes
/// for the number of minutes in <c>ARTIFACTS_TEST_MINUTES</c>.
/// </summary>
public sealed class CrowdTests : IDisposable
{
    private const int Seconds = 8;

    private static readonly string[] Roles =
    [
        "publish",
        "publish",
        "collaborate",
        "collaborate",
        "read",
        "edit",
        "delete",
        "clean",
    ];
    private static readonly string[] MoreRoles = [.. Roles, "publish", "read", "edit", "clean", "check"];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Many_processes_leave_live_versions_complete()
    {
        var minutes = Environment.GetEnvironmentVariable("ARTIFACTS_TEST_MINUTES");
        var seconds = minutes is null ? Seconds : 60 * int.Parse(minutes, CultureInfo.InvariantCulture);
        var roles = minutes is null ? Roles : MoreRoles;
        var seed = Environment.TickCount & 0xFFFFFF;
        await PrepareAsync(await VersionStore.CreateAsync(new FolderObjectStore(_folder["store"]), Token));

        var members = roles
            .Select((role, i) => WriterProcess.Start("crowd", _folder["store"], role, Arguments(i)))
            .ToList();
        try
        {
            foreach (var member in members)
                await member.ReadyAsync();
            foreach (var member in members)
                member.Release();
            var endings = await Task.WhenAll(members.Select(member => member.EndAsync()));
            foreach (var (role, ending) in roles.Zip(endings))
                TestContext.Current.TestOutputHelper?.WriteLine($"{role}: {ending.Result}");
            Assert.All(endings, ending => ending.ShouldSucceed());
        }
        finally
        {
            foreach (var member in members)
                member.Dispose();
        }
        await CheckAsync(await VersionStore.OpenAsync(new FolderObjectStore(_folder["store"]), Token));

        string[] Arguments(int i) =>
            [$"time={_folder["time"]}", $"log={_folder[$"log {i}"]}", $"seed={seed + i}", $"seconds={seconds}"];
    }

    // Creates old versions and deletes some, so that there is something to clean up from the start.
    private static async Task PrepareAsync(VersionStore store)
    {
        foreach (var name in CrowdContent.Names)
            for (var variant = 0; variant < 3; variant++)
            {
                await using var draft = ArtifactDraft.Begin(
                    store,
                    ArtifactName.Parse(name),
                    TypeName.Parse("data"),
                    []
                );
                IEnumerable<string> paths = name switch
                {
                    CrowdContent.Wide => Enumerable.Range(0, CrowdContent.WideCount).Select(i => $"w{i}"),
                    CrowdContent.Large => ["big"],
                    _ => ["f0", "f1", "f2"],
                };
                foreach (var path in paths)
                    await draft.AddBytesAsync(EntryPath.Parse(path), CrowdContent.Bytes(path, variant), false, Token);
                var version = await draft.PublishAsync();
                if (variant == 0)
                    await VersionEditor.DeleteAsync(version, false, null, Token);
            }
        CrowdTime.Pass(store.Location, TimeSpan.FromDays(1));
    }

    private async Task CheckAsync(VersionStore store)
    {
        var problems = await store.Objects.CheckAsync(full: true);
        Assert.True(problems.Count == 0, string.Join('\n', problems.Select(problem => problem.Message)));
        var published = new Dictionary<(string Name, int Number), string>();
        foreach (var name in CrowdContent.Names)
        {
            var state = await store.OpenCatalog(ArtifactName.Parse(name)).ReadAsync(Token);
            var live = await ReplayAsync(store, name, published);
            Assert.Equal(live, state.VersionNumbers);
            Assert.All(state.Aliases.Values, number => Assert.Contains(number, live));
            foreach (var number in live)
                await CrowdContent.ReadAllAsync(new PublishedVersion(store, state, state.Find(number)!), Token);
        }
        await CheckLogsAsync(store, published);
    }

    // Live versions according to the history, which must be consistent after every transaction.
    private static async Task<SortedSet<int>> ReplayAsync(
        VersionStore store,
        string name,
        Dictionary<(string Name, int Number), string> published
    )
    {
        SortedSet<int> live = [];
        var next = 0;
        await foreach (var transaction in store.OpenCatalog(ArtifactName.Parse(name)).HistoryAsync(Token))
        foreach (var action in transaction.Actions)
            switch (action)
            {
                case PublishAction publish:
                    Assert.Equal(next++, publish.Record.Number);
                    live.Add(publish.Record.Number);
                    published.Add((name, publish.Record.Number), publish.Record.Digest.ToString());
                    break;
                case DeleteAction delete:
                    Assert.True(live.Remove(delete.Version), $"{name}:v{delete.Version} is deleted twice.");
                    break;
                case SetAliasAction alias:
                    Assert.Contains(alias.Version, live);
                    break;
            }
        return live;
    }

    // Every action that a member logged as successful took effect.
    private async Task CheckLogsAsync(VersionStore store, Dictionary<(string Name, int Number), string> published)
    {
        var lines = Directory
            .GetFiles(_folder.Path, "log *")
            .SelectMany(File.ReadLines)
            .Select(line => line.Split(' '));
        var contributed = new Dictionary<string, HashSet<string>>(StringComparer.Ordinal);
        foreach (var line in lines)
            if (line[0] == "published")
                AssertPublished(line.AsSpan(1));
            else if (line[0] == "completed")
                AssertPublished(line.AsSpan(2));
            else if (!contributed.TryAdd(line[1], [line[2]]))
                contributed[line[1]].Add(line[2]);
        foreach (var (id, paths) in contributed)
        {
            PublishedVersion version;
            try
            {
                version = await store.CompleteAsync(CrowdContent.Joint, id);
            }
            catch (Exception e) when (e is ArtifactVersionNotFoundException or ArtifactNotFoundException)
            {
                // The version was completed, then deleted.
                continue;
            }
            Assert.Empty(paths.Except(await CrowdContent.ReadAllAsync(version, Token), StringComparer.Ordinal));
        }

        void AssertPublished(ReadOnlySpan<string> line) =>
            Assert.Equal(published[(line[0], int.Parse(line[1], CultureInfo.InvariantCulture))], line[2]);
    }
}
