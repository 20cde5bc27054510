using ArtifactsPS.Core.Tests.Distributed;
using ArtifactsPS.Core.Tests.Fixtures;
using FsCheck.Xunit;

namespace ArtifactsPS.Core.Tests.Manifests;

/// <summary>A tree built from a stream equals the tree built in memory.</summary>
public sealed class TreeBuilderProperties
{
    private readonly MemoryObjectStore _objects = new();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(96)]
    [InlineData(97)]
    [InlineData(1025)]
    [InlineData(30_000)]
    public Task Streamed_tree_equals_tree_in_memory(int count) => CheckAsync(count, seed: count);

    [Property(MaxTest = 30)]
    public Task Streamed_tree_of_any_size_equals_tree_in_memory(int seed) =>
        CheckAsync(new Random(seed).Next(5000), seed);

    [Fact]
    public async Task Entries_without_page_boundaries_are_split_into_full_pages()
    {
        var entries = Entries(5000, seed: 1).Where(entry => !PageCutter.BeginsRun(entry.Path, 0)).ToList();
        await CheckAsync(entries);
    }

    [Fact]
    public async Task Stored_pages_are_not_written_again()
    {
        var entries = Entries(20_000, seed: 3);
        var first = await BuildAsync(entries, []);
        var stored = new Dictionary<Digest, PageReference>();
        await foreach (var page in new Manifest(NewReader(), first).PagesAsync(Token))
            stored.Add(page.Digest, page);

        var objects = _objects.Keys.Count();
        var second = await BuildAsync(entries, stored);
        Assert.Equal((first.Digest, first.Location), (second.Digest, second.Location));
        Assert.Equal(objects, _objects.Keys.Count());
    }

    private Task CheckAsync(int count, int seed) => CheckAsync(Entries(count, seed));

    private async Task CheckAsync(List<ManifestEntry> entries)
    {
        var changes = entries.Select(entry => new EntryChange(entry.Path, entry)).ToList();
        var expected = await new ManifestEditor(NewReader(), Token).ApplyAsync(null, changes);
        var actual = await BuildAsync(entries, []);
        Assert.Equal(
            (expected.Digest, expected.Level, expected.EntryCount, expected.TotalSize, expected.First),
            (actual.Digest, actual.Level, actual.EntryCount, actual.TotalSize, actual.First)
        );
        // Reading it returns all entries.
        var read = await new Manifest(NewReader(), actual).EntriesAsync(Token).ToListAsync(Token);
        Assert.Equal(entries.Select(entry => entry.Path), read.Select(entry => entry.Path));
        Assert.All(entries.Zip(read), pair => Assert.True(pair.First.HasSameContent(pair.Second)));
    }

    private async Task<PageReference> BuildAsync(List<ManifestEntry> entries, Dictionary<Digest, PageReference> stored)
    {
        await using var writer = new ContentWriter(_objects);
        var builder = new TreeBuilder(writer, stored, Token);
        foreach (var entry in entries)
            await builder.AddAsync(entry);
        var root = await builder.CompleteAsync();
        await writer.FlushAsync(Token);
        return root;
    }

    private PageReader NewReader() => new(new ContentReader(_objects));

    private static List<ManifestEntry> Entries(int count, int seed)
    {
        var random = new Random(seed);
        var entries = new List<ManifestEntry>();
        for (var i = 0; i < count; i++)
        {
            var path = EntryPath.Parse($"{(char)('a' + random.Next(5))}/{i:D7}-\U0001F600");
            entries.Add(ManifestEntry.Reference(path, $"https://example.com/{random.Next(100)}", null, random.Next(9)));
        }
        entries.Sort((left, right) => left.Path.CompareTo(right.Path));
        return entries;
    }
}
