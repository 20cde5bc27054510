namespace ArtifactsPS.Tests;

/// <summary>Many processes on one name at the same moment; both tests together within a minute.</summary>
public sealed class ManyProcessesTests : IDisposable
{
    private const int Publishers = 16;
    private const int Contributors = 32;
    private const int Completers = 4;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact(Timeout = 120_000)]
    public async Task Publishers_of_one_name_make_versions_without_gap_or_duplicate()
    {
        var store = await CreateAsync();
        var endings = await RunAllAsync(
            Enumerable
                .Range(0, Publishers)
                .Select(i => WriterProcess.Start("publish", _folder.Path, "results", $"files=own.txt:{i}"))
        );

        var published = endings.Select(ending => ending.ShouldSucceed().Result).ToList();
        Assert.Equal(
            Enumerable.Range(0, Publishers).Select(i => $"results:v{i}").Order(StringComparer.Ordinal),
            published.Order(StringComparer.Ordinal)
        );
        var state = await store.ReadCatalogAsync("results", TestContext.Current.CancellationToken);
        Assert.Equal(Enumerable.Range(0, Publishers), state.VersionNumbers);
        Assert.Equal(Publishers, state.LastTransaction);
        Assert.Equal(Publishers - 1, state.Aliases["latest"]);
        // What each was told is its version, is it.
        for (var i = 0; i < Publishers; i++)
        {
            var version = await store.FindAsync(ArtifactReference.Parse(published[i]), Token);
            Assert.Equal([KeyValuePair.Create("own.txt", $"{i}")], await version.TextsAsync());
        }
    }

    [Fact(Timeout = 180_000)]
    public async Task Contributors_and_completers_make_one_version()
    {
        var store = await CreateAsync();
        var contributing = await RunAllAsync(
            Enumerable
                .Range(0, Contributors)
                .Select(i =>
                    WriterProcess.Start(
                        "contribute",
                        _folder.Path,
                        "results",
                        "id=group",
                        $"contributor=writer{i}",
                        $"files=same.txt:S,own/{i}.txt:{i}"
                    )
                )
        );
        Assert.All(contributing, ending => ending.ShouldSucceed());
        await Assert.ThrowsAsync<ArtifactNotFoundException>(() =>
            store.FindAsync(ArtifactReference.Parse("results"), Token)
        );

        var completing = await RunAllAsync(
            Enumerable
                .Range(0, Completers)
                .Select(i =>
                    WriterProcess.Start("complete", _folder.Path, "results", "id=group", $"contributor=completer{i}")
                )
        );
        Assert.All(completing, ending => Assert.Equal("results:v0", ending.ShouldSucceed().Result));
        var version = await store.FindAsync(ArtifactReference.Parse("results"), Token);
        var expected = Enumerable.Range(0, Contributors).ToDictionary(i => $"own/{i}.txt", i => $"{i}");
        expected.Add("same.txt", "S");
        Assert.Equal(
            new SortedDictionary<string, string>(expected, StringComparer.Ordinal),
            await version.TextsAsync()
        );
        Assert.Equal(
            [0],
            (await store.ReadCatalogAsync("results", TestContext.Current.CancellationToken)).VersionNumbers
        );
        Assert.Equal(Contributors + 2, (await store.ReadCollaborationAsync("results", "group")).LastNumber);
    }

    private Task<VersionStore> CreateAsync() => VersionStore.CreateAsync(new FolderObjectStore(_folder.Path), Token);

    private static async Task<WriterProcess.Ending[]> RunAllAsync(IEnumerable<WriterProcess> starting)
    {
        var processes = starting.ToList();
        try
        {
            foreach (var process in processes)
                await process.ReadyAsync();
            foreach (var process in processes)
                process.LetGo();
            return await Task.WhenAll(processes.Select(process => process.EndAsync()));
        }
        finally
        {
            foreach (var process in processes)
                process.Dispose();
        }
    }
}
