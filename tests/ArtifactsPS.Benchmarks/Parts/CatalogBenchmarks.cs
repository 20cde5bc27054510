using System.Globalization;
using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Content.Blobs;
using ArtifactsPS.Core.Manifests;
using ArtifactsPS.Core.Storage.Folder;
using ArtifactsPS.Core.Values;
using BenchmarkDotNet.Attributes;

namespace ArtifactsPS.Benchmarks.Parts;

/// <summary>Lookups in an artifact with many versions and in a store with many artifacts, on disk.</summary>
public class CatalogBenchmarks
{
    private const int Versions = 10_000;
    private const int Artifacts = 10_000;

    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"artifacts-catalogs-{Guid.NewGuid():N}");
    private VersionStore _store = null!;

    [GlobalSetup(Target = nameof(LatestOfManyVersions))]
    public async Task PublishManyVersions()
    {
        await CreateStoreAsync();
        for (var i = 0; i < Versions; i++)
            await PublishAsync("many-versions", i);
    }

    [GlobalSetup(Target = nameof(LatestOfManyArtifacts))]
    public async Task PublishManyArtifacts()
    {
        await CreateStoreAsync();
        for (var i = 0; i < Artifacts; i++)
            await PublishAsync(string.Create(CultureInfo.InvariantCulture, $"artifact-{i:D5}"), 0);
    }

    [GlobalCleanup]
    public void Delete() => Directory.Delete(_folder, recursive: true);

    [Benchmark]
    public async Task<int> LatestOfManyVersions() =>
        (await _store.FindAsync(ArtifactReference.Parse("many-versions"), CancellationToken.None)).Record.Number;

    [Benchmark]
    public async Task<int> LatestOfManyArtifacts()
    {
        var count = 0;
        await foreach (var state in _store.ReadCatalogsAsync(_ => true, CancellationToken.None))
            count += state.IsLive ? 1 : 0;
        return count;
    }

    private async Task CreateStoreAsync()
    {
        Directory.CreateDirectory(_folder);
        _store = await VersionStore.CreateAsync(new FolderObjectStore(_folder), CancellationToken.None);
    }

    private Task<CatalogState> PublishAsync(string name, int number)
    {
        var bytes = new byte[Digest.Length];
        BitConverter.TryWriteBytes(bytes, number + 1);
        var digest = new Digest(bytes);
        var root = new PageReference
        {
            First = EntryPath.Parse("data/file.bin"),
            Level = 0,
            Digest = digest,
            EntryCount = 1,
            TotalSize = 1000,
            Location = new BlobLocation(new StoredObject(digest), 0),
            Length = 200,
        };
        return _store
            .OpenCatalog(ArtifactName.Parse(name))
            .CommitAsync(
                state =>
                    (IReadOnlyList<CatalogAction>)
                        [
                            new PublishAction(
                                new VersionRecord
                                {
                                    Number = number,
                                    Type = TypeName.Parse("dataset"),
                                    Root = root,
                                    CreatedAt = DateTimeOffset.UnixEpoch.AddSeconds(number),
                                    CreatedBy = "benchmark",
                                    Tags = [TagName.Parse($"run-{number % 100}")],
                                }
                            ),
                        ],
                null,
                CancellationToken.None
            );
    }
}
