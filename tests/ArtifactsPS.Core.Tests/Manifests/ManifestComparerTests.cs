using ArtifactsPS.Core.Tests.Fixtures;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace ArtifactsPS.Core.Tests.Manifests;

public sealed class ManifestComparerTests
{
    private readonly CountingObjectStore _store = new(new MemoryObjectStore());

    [Property(MaxTest = 25)]
    public Property Comparison_reports_exactly_the_differences() =>
        Prop.ForAll(
            Gen.Choose(0, int.MaxValue).ToArbitrary(),
            Gen.Elements(0, 1, 5, 50, 100).ToArbitrary(),
            (seed, percent) => CheckAsync(new Random(seed), percent).GetAwaiter().GetResult()
        );

    [Fact]
    public async Task Comparing_equal_trees_reads_no_pages()
    {
        var root = await StoreAsync(PathUniverse.Tall.Select(path => Trees.Entry(path, 1)));
        var same = await StoreAsync(PathUniverse.Tall.Select(path => Trees.Entry(path, 1)));
        _store.Reset();
        Assert.Empty(await CompareAsync(root, same));
        Assert.Empty(_store.KeysOf("read"));
    }

    [Fact]
    public async Task Comparison_reads_only_different_pages()
    {
        var middle = PathUniverse.Tall[PathUniverse.Tall.Length / 2];
        var left = await StoreAsync(PathUniverse.Tall.Select(path => Trees.Entry(path, 1)));
        var right = await StoreAsync(PathUniverse.Tall.Select(path => Trees.Entry(path, path == middle ? 2 : 1)));
        _store.Reset();
        var difference = Assert.Single(await CompareAsync(left, right));
        Assert.Equal(middle, difference.Path.ToString());
        Assert.Equal(2 * (left.Level + 1), _store.KeysOf("read").Count);
    }

    [Fact]
    public async Task Trees_of_different_heights_share_pages()
    {
        var left = await StoreAsync(PathUniverse.Tall.Select(path => Trees.Entry(path, 1)));
        var first =
            PathUniverse.Tall.Skip(1).TakeWhile(path => !PageCutter.BeginsRun(EntryPath.Parse(path), 1)).Count() + 1;
        var right = await StoreAsync(PathUniverse.Tall.Take(first).Select(path => Trees.Entry(path, 1)));
        Assert.True(right.Level < left.Level);
        _store.Reset();
        var differences = await CompareAsync(left, right);
        Assert.Equal(PathUniverse.Tall.Skip(first), differences.Select(difference => difference.Path.ToString()));
        Assert.All(differences, difference => Assert.Null(difference.Right));
        var shared = await Trees.PagesAsync(Pages(), right);
        var all = await Trees.PagesAsync(Pages(), left);
        Assert.InRange(_store.KeysOf("read").Count, 1, 2 * all.Count - shared.Count);
    }

    private async Task CheckAsync(Random random, int percent)
    {
        var left = new SortedDictionary<EntryPath, ManifestEntry>();
        var right = new SortedDictionary<EntryPath, ManifestEntry>();
        foreach (var path in PathUniverse.Tall)
        {
            var entry = Trees.Entry(path, 1);
            left.Add(entry.Path, entry);
            right.Add(entry.Path, entry);
            if (random.Next(100) >= percent)
                continue;
            var kind = random.Next(4);
            if (kind == 0)
                left.Remove(entry.Path);
            else if (kind == 1)
                right.Remove(entry.Path);
            else
                right[entry.Path] = Trees.Entry(path, 1 + kind % 2, executable: true);
        }
        var expected = PathUniverse
            .Tall.Select(EntryPath.Parse)
            .Select(path => (Path: path, Left: left.GetValueOrDefault(path), Right: right.GetValueOrDefault(path)))
            .Where(item => item.Left != item.Right)
            .Select(item => (item.Path, item.Left?.Digest, item.Right?.Digest));

        var actual = await CompareAsync(await StoreAsync(left.Values), await StoreAsync(right.Values));
        Assert.Equal(expected, actual.Select(item => (item.Path, item.Left?.Digest, item.Right?.Digest)));
    }

    private async Task<PageReference> StoreAsync(IEnumerable<ManifestEntry> entries) =>
        await Trees.StoreAsync(_store, await Trees.BuildAsync(Pages(), entries));

    private async Task<List<EntryDifference>> CompareAsync(PageReference left, PageReference right) =>
        await ManifestComparer
            .CompareAsync(new Manifest(Pages(), left), new Manifest(Pages(), right), Token)
            .ToListAsync(Token);

    private PageReader Pages() => new(new ContentReader(_store));
}
