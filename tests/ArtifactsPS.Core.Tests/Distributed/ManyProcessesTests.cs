using ArtifactsPS.Core.Tests.Fixtures;
using ArtifactsPS.Core.Tests.Storage.Remote;

namespace ArtifactsPS.Core.Tests.Distributed;

/// <summary>Many concurrent processes on a store in a folder.</summary>
public sealed class ManyProcessesTests() : ManyProcessesFixture(publishers: 16, contributors: 32, completers: 4)
{
    private readonly TemporaryFolder _folder = new();

    protected override Task<IObjectStore> OpenAsync() =>
        Task.FromResult<IObjectStore>(new FolderObjectStore(_folder.Path));

    protected override void Dispose(bool disposing)
    {
        _folder.Dispose();
        base.Dispose(disposing);
    }
}

public sealed class ManyProcessesOnS3Tests() : ManyProcessesOnServiceTests(Service.S3);

public sealed class ManyProcessesOnAzureTests() : ManyProcessesOnServiceTests(Service.Azure);

/// <summary>
/// Many concurrent processes on a bucket of a real server. The processes read credentials from the environment.
/// </summary>
public abstract class ManyProcessesOnServiceTests(Service service)
    : ManyProcessesFixture(publishers: 6, contributors: 8, completers: 2)
{
    protected override async Task<IObjectStore> OpenAsync() => await RemoteBuckets.OpenAsync(service);
}

/// <summary>Many concurrent processes that write one artifact. In a folder, all tests take less than a minute.</summary>
public abstract class ManyProcessesFixture(int publishers, int contributors, int completers) : IDisposable
{
    private string _location = "";

    /// <summary>Opens an empty object store.</summary>
    protected abstract Task<IObjectStore> OpenAsync();

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing) { }

    [Fact(Timeout = 120_000)]
    public async Task Concurrent_publishers_make_versions_without_gaps()
    {
        var store = await CreateAsync();
        var endings = await RunAllAsync(
            Enumerable
                .Range(0, publishers)
                .Select(i => WriterProcess.Start("publish", _location, "results", $"files=own.txt:{i}"))
        );

        var published = endings.Select(ending => ending.ShouldSucceed().Result).ToList();
        Assert.Equal(
            Enumerable.Range(0, publishers).Select(i => $"results:v{i}").Order(StringComparer.Ordinal),
            published.Order(StringComparer.Ordinal)
        );
        var state = await store.ReadCatalogAsync(ArtifactName.Parse("results"), TestContext.Current.CancellationToken);
        Assert.Equal(Enumerable.Range(0, publishers), state.VersionNumbers);
        Assert.Equal(publishers, state.LastTransaction);
        Assert.Equal(publishers - 1, state.Aliases[AliasName.Parse("latest")]);
        // Each process reported the version with its own content.
        for (var i = 0; i < publishers; i++)
        {
            var version = await store.FindAsync(ArtifactReference.Parse(published[i]), Token);
            Assert.Equal([KeyValuePair.Create("own.txt", $"{i}")], await version.TextsAsync());
        }
    }

    [Fact(Timeout = 180_000)]
    public async Task Concurrent_contributors_and_completers_make_one_version()
    {
        var store = await CreateAsync();
        var contributing = await RunAllAsync(
            Enumerable
                .Range(0, contributors)
                .Select(i =>
                    WriterProcess.Start(
                        "contribute",
                        _location,
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
                .Range(0, completers)
                .Select(i =>
                    WriterProcess.Start("complete", _location, "results", "id=group", $"contributor=completer{i}")
                )
        );
        Assert.All(completing, ending => Assert.Equal("results:v0", ending.ShouldSucceed().Result));
        var version = await store.FindAsync(ArtifactReference.Parse("results"), Token);
        var expected = Enumerable.Range(0, contributors).ToDictionary(i => $"own/{i}.txt", i => $"{i}");
        expected.Add("same.txt", "S");
        Assert.Equal(
            new SortedDictionary<string, string>(expected, StringComparer.Ordinal),
            await version.TextsAsync()
        );
        Assert.Equal(
            [0],
            (
                await store.ReadCatalogAsync(ArtifactName.Parse("results"), TestContext.Current.CancellationToken)
            ).VersionNumbers
        );
        Assert.Equal(contributors + 2, (await store.ReadDistributedAsync("results", "group")).LastNumber);
    }

    private async Task<VersionStore> CreateAsync()
    {
        var objects = await OpenAsync();
        _location = objects.Location;
        return await VersionStore.CreateAsync(objects, Token);
    }

    private static async Task<WriterProcess.Ending[]> RunAllAsync(IEnumerable<WriterProcess> starting)
    {
        var processes = starting.ToList();
        try
        {
            foreach (var process in processes)
                await process.ReadyAsync();
            foreach (var process in processes)
                process.Release();
            return await Task.WhenAll(processes.Select(process => process.EndAsync()));
        }
        finally
        {
            foreach (var process in processes)
                process.Dispose();
        }
    }
}
