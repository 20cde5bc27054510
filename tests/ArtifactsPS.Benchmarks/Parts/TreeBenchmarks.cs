using ArtifactsPS.Core.Content.Blobs;
using ArtifactsPS.Core.Manifests;
using ArtifactsPS.Core.Values;
using BenchmarkDotNet.Attributes;

namespace ArtifactsPS.Benchmarks.Parts;

/// <summary>A manifest's tree: creating it, finding and changing one path, and comparing two trees.</summary>
public class TreeBenchmarks
{
    private readonly MemoryStore _store = new();
    private PageReference _tree = null!;
    private PageReference _changed = null!;
    private List<EntryChange> _entries = [];

    [Params(10_000, 1_000_000)]
    public int Entries { get; set; }

    private EntryChange Change => SampleEntries.Changed(Entries / 2);

    // No page in memory, as when a process starts.
    private PageReader FreshPages => new(new ContentReader(_store));

    [GlobalSetup]
    public async Task Store()
    {
        _entries = SampleEntries.Create(Entries);
        _tree = await StoreAsync(null, _entries);
        _changed = await StoreAsync(_tree, [Change]);
    }

    [Benchmark]
    public async Task<Digest> FromScratch() =>
        (await new ManifestEditor(FreshPages, CancellationToken.None).ApplyAsync(null, _entries)).Digest;

    [Benchmark]
    public async Task<Digest> ChangeOnePath() =>
        (await new ManifestEditor(FreshPages, CancellationToken.None).ApplyAsync(_tree, [Change])).Digest;

    [Benchmark]
    public async Task<ManifestEntry?> FindOnePath() =>
        await new Manifest(FreshPages, _tree).FindAsync(Change.Path, CancellationToken.None);

    [Benchmark]
    public async Task<int> Compare()
    {
        var pages = FreshPages;
        var before = new Manifest(pages, _tree);
        var after = new Manifest(pages, _changed);
        var differences = 0;
        await foreach (var _ in ManifestComparer.CompareAsync(before, after, CancellationToken.None))
            differences++;
        return differences;
    }

    private async Task<PageReference> StoreAsync(PageReference? tree, List<EntryChange> changes)
    {
        var edited = await new ManifestEditor(FreshPages, CancellationToken.None).ApplyAsync(tree, changes);
        await using var writer = new ContentWriter(_store);
        var root = await new ManifestWriter(
            new Dictionary<Digest, PageReference>(),
            writer,
            CancellationToken.None
        ).WriteTreeAsync(edited);
        await writer.FlushAsync(CancellationToken.None);
        return root;
    }
}
