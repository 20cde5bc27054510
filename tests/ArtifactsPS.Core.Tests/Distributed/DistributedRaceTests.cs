using ArtifactsPS.Core.Tests.Fixtures;

namespace ArtifactsPS.Core.Tests.Distributed;

/// <summary>Concurrent contributors and completers, each with its own open store.</summary>
public sealed class DistributedRaceTests
{
    private const string Name = "results";
    private const string Id = "group";
    private const int Rounds = 60;

    [Fact]
    public async Task Concurrent_completers_make_one_version()
    {
        for (var round = 0; round < Rounds; round++)
        {
            var objects = await CreateAsync();
            foreach (var writer in new[] { "first", "second" })
                await (await OpenAsync(objects)).ContributeAsync(Name, Id, writer, ($"{writer}.txt", writer));

            var versions = await RaceAsync(6, async _ => await (await OpenAsync(objects)).CompleteAsync(Name, Id));
            Assert.All(versions, version => Assert.Equal("results:v0", version.Reference));
            var store = await OpenAsync(objects);
            Assert.Equal(4, (await store.ReadDistributedAsync(Name, Id)).LastNumber);
            Assert.Equal(1, (await store.ReadCatalogAsync(ArtifactName.Parse(Name), Token)).LastTransaction);
            Assert.Equal(["first.txt", "second.txt"], await versions[0].PathsAsync());
        }
    }

    [Fact]
    public async Task Only_one_completer_with_own_content_succeeds()
    {
        for (var round = 0; round < Rounds; round++)
        {
            var objects = await CreateAsync();
            var completed = await RaceAsync(
                4,
                async i =>
                {
                    var store = await OpenAsync(objects);
                    await using var draft = ArtifactDraft.Begin(
                        store,
                        ArtifactName.Parse(Name),
                        TypeName.Parse("data"),
                        []
                    );
                    await draft.AddTextAsync($"{i}.txt", "");
                    var options = new CompletionOptions { Draft = draft, Contributor = $"completer{i}" };
                    var isCompleted = await TryContributeAsync(() => store.CompleteAsync(Name, Id, options));
                    Assert.Equal(isCompleted, draft.IsSpent);
                    return isCompleted;
                }
            );
            var winner = Assert.Single(Enumerable.Range(0, completed.Length), i => completed[i]);
            Assert.Equal([$"{winner}.txt"], await (await FindAsync(objects)).PathsAsync());
        }
    }

    [Fact]
    public async Task Contribution_racing_seal_is_included_or_refused()
    {
        const int Contributors = 6;
        const int Each = 3;
        var (included, refused) = (0, 0);
        for (var round = 0; round < Rounds; round++)
        {
            var objects = await CreateAsync();
            // Completers start after the first contribution.
            var firstContribution = new TaskCompletionSource();
            var contributed = await RaceAsync(
                Contributors + 2,
                async i =>
                {
                    var store = await OpenAsync(objects);
                    var paths = new List<string>();
                    if (i >= Contributors)
                    {
                        await firstContribution.Task;
                        await store.CompleteAsync(Name, Id);
                        return paths;
                    }
                    for (var j = 0; j < Each; j++)
                    {
                        var path = $"{i}/{j}.txt";
                        if (
                            !await TryContributeAsync(() => store.ContributeAsync(Name, Id, $"writer{i}", (path, path)))
                        )
                            break;
                        paths.Add(path);
                        firstContribution.TrySetResult();
                    }
                    return paths;
                }
            );
            var expected = contributed.SelectMany(paths => paths).Order(StringComparer.Ordinal).ToList();
            Assert.Equal(expected, await (await FindAsync(objects)).PathsAsync());
            included += expected.Count;
            refused += Contributors * Each - expected.Count;
        }
        // Both outcomes must have happened often.
        Assert.True(included > Rounds && refused > Rounds, $"{included} in, {refused} out");
    }

    private static async Task<bool> TryContributeAsync(Func<Task> contribute)
    {
        try
        {
            await contribute();
            return true;
        }
        catch (DistributedArtifactLockedException)
        {
            return false;
        }
    }

    private static async Task<T[]> RaceAsync<T>(int racers, Func<int, Task<T>> run)
    {
        var start = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var racing = Enumerable
            .Range(0, racers)
            .Select(i =>
                Task.Run(
                    async () =>
                    {
                        await start.Task;
                        return await run(i);
                    },
                    Token
                )
            )
            .ToList();
        start.SetResult();
        return await Task.WhenAll(racing);
    }

    private static async Task<MemoryObjectStore> CreateAsync()
    {
        var objects = new MemoryObjectStore();
        await VersionStore.CreateAsync(objects, Token);
        return objects;
    }

    private static Task<VersionStore> OpenAsync(MemoryObjectStore objects) =>
        VersionStore.OpenAsync(new UnsteadyObjectStore(objects), Token);

    private static async Task<PublishedVersion> FindAsync(MemoryObjectStore objects) =>
        await (await OpenAsync(objects)).FindAsync(ArtifactReference.Parse(Name), Token);

    /// <summary>Delays operations randomly, so that their order varies.</summary>
    private sealed class UnsteadyObjectStore(IObjectStore inner) : StoreDecorator(inner)
    {
        protected override void Before(string operation, string key)
        {
            if (Random.Shared.Next(3) == 0)
                Thread.Yield();
            else
                Thread.SpinWait(Random.Shared.Next(2000));
        }
    }
}
