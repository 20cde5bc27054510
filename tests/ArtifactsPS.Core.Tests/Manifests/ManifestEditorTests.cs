using ArtifactsPS.Core.Tests.Fixtures;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace ArtifactsPS.Core.Tests.Manifests;

/// <summary>A tree depends on its entries alone, not on its earlier edits.</summary>
public sealed class ManifestEditorTests
{
    private readonly PageReader _pages = new(new ContentReader(new MemoryObjectStore()));

    /// <summary>Change of several consecutive paths.</summary>
    public sealed record RangeEdit(int Kind, int At, int Count)
    {
        public static Gen<RangeEdit> Generator =>
            from kind in Gen.Choose(0, 4)
            from at in Gen.Choose(0, 9999)
            from count in Gen.Frequency((4, Gen.Constant(1)), (2, Gen.Choose(1, 20)), (1, Gen.Choose(1, 2000)))
            select new RangeEdit(kind, at, count);
    }

    [Property(MaxTest = 60)]
    public Property Edited_tall_tree_equals_tree_from_scratch() => EditsEqualScratch(() => PathUniverse.Tall);

    [Property(MaxTest = 30)]
    public Property Edited_tree_without_page_boundaries_equals_tree_from_scratch() =>
        EditsEqualScratch(() => PathUniverse.Uncut);

    [Property(MaxTest = 30)]
    public Property Edited_random_tree_equals_tree_from_scratch() => EditsEqualScratch(() => PathUniverse.Plain);

    [Fact]
    public async Task Sample_paths_give_trees_of_intended_shapes()
    {
        var tall = await Trees.BuildAsync(_pages, PathUniverse.Tall.Select(path => Trees.Entry(path, 0)));
        Assert.Equal(2, tall.Level);
        var uncut = await Trees.BuildAsync(_pages, PathUniverse.Uncut.Select(path => Trees.Entry(path, 0)));
        var pages = (await Trees.PagesAsync(_pages, uncut)).Where(page => page.Level == 0);
        Assert.Equal([.. Enumerable.Repeat(96L, 52), 8], pages.Select(page => page.EntryCount));
    }

    [Fact]
    public async Task Removing_all_entries_gives_empty_tree()
    {
        var empty = await Trees.BuildAsync(_pages, []);
        Assert.Equal((0, 0L, 0L), (empty.Level, empty.EntryCount, empty.TotalSize));
        var full = await Trees.BuildAsync(_pages, PathUniverse.Tall.Select(path => Trees.Entry(path, 1)));
        var emptied = await Trees.EditAsync(_pages, full, PathUniverse.Tall.Select(Trees.Remove));
        Assert.Equal(empty.Digest, emptied.Digest);
        Assert.Equal(0, emptied.Level);
    }

    [Fact]
    public async Task Removing_and_adding_a_path_restores_the_tree()
    {
        var entries = PathUniverse.Tall.ToDictionary(path => path, path => Trees.Entry(path, 1));
        var full = await Trees.BuildAsync(_pages, entries.Values);
        // Every third path. Some begin a page, some don't.
        for (var i = 0; i < PathUniverse.Tall.Length; i += 3)
        {
            var path = PathUniverse.Tall[i];
            var without = await Trees.EditAsync(_pages, full, [Trees.Remove(path)]);
            Assert.NotEqual(full.Digest, without.Digest);
            Assert.Equal(full.EntryCount - 1, without.EntryCount);
            var again = await Trees.EditAsync(_pages, without, [Trees.Add(entries[path])]);
            Assert.Equal(full.Digest, again.Digest);
        }
    }

    [Fact]
    public async Task Adding_entries_in_any_order_gives_same_tree()
    {
        var paths = PathUniverse.Tall.Where((_, i) => i % 4 == 0).ToArray();
        var expected = await Trees.BuildAsync(_pages, paths.Select(path => Trees.Entry(path, 1)));
        foreach (var seed in new[] { 1, 2 })
        {
            new Random(seed).Shuffle(paths);
            TreePage? root = null;
            foreach (var path in paths)
                root = await Trees.EditAsync(_pages, root, [Trees.Add(Trees.Entry(path, 1))]);
            Assert.Equal(expected.Digest, root!.Digest);
            Assert.Equal(await Trees.DescribeAsync(_pages, expected), await Trees.DescribeAsync(_pages, root));
        }
    }

    [Fact]
    public async Task Removing_missing_path_changes_nothing()
    {
        var root = await Trees.BuildAsync(_pages, PathUniverse.Tall.Skip(1).Select(path => Trees.Entry(path, 1)));
        var edited = await Trees.EditAsync(_pages, root, [Trees.Remove(PathUniverse.Tall[0])]);
        Assert.Equal(root.Digest, edited.Digest);
    }

    [Theory]
    [MemberData(nameof(EntriesThatDiffer))]
    public async Task Digest_covers_every_property_of_an_entry(string property)
    {
        var digest = Sha256.Of("x"u8);
        var blob = new Blob(digest, 1, new BlobLocation(new StoredObject(digest), 0));
        var path = EntryPath.Parse("a");
        var file = ManifestEntry.File(path, blob, executable: false);
        var reference = ManifestEntry.Reference(path, "https://example.com/x", digest, 1);
        var other = property switch
        {
            "path" => ManifestEntry.File(EntryPath.Parse("b"), blob, executable: false),
            "digest" => ManifestEntry.File(path, blob with { Digest = Sha256.Of("y"u8) }, executable: false),
            "size" => ManifestEntry.File(path, blob with { Size = 2 }, executable: false),
            "executable" => ManifestEntry.File(path, blob, executable: true),
            "kind" => reference,
            "uri" => ManifestEntry.Reference(path, "https://example.com/y", digest, 1),
            "uri without digest" => ManifestEntry.Reference(path, "https://example.com/x", null, 1),
            "uri without size" => ManifestEntry.Reference(path, "https://example.com/x", digest, null),
            _ => ManifestEntry.ReferenceTo(path, "https://example.com/x", digest, PropertiesWith(property)),
        };
        var one = property.StartsWith("uri", StringComparison.Ordinal) ? reference : file;
        Assert.NotEqual(await DigestOfAsync(one), await DigestOfAsync(other));
        Assert.True(one.Path != other.Path || !one.HasSameContent(other));
    }

    public static TheoryData<string> EntriesThatDiffer =>
        [
            "path",
            "digest",
            "size",
            "executable",
            "kind",
            "uri",
            "uri without digest",
            "uri without size",
            "uri with ETag",
            "uri with version",
            "uri with time",
        ];

    private static TargetProperties PropertiesWith(string property) =>
        new()
        {
            Size = 1,
            ETag = property == "uri with ETag" ? "e" : null,
            VersionId = property == "uri with version" ? "e" : null,
            LastModified = property == "uri with time" ? DateTimeOffset.UnixEpoch : null,
        };

    [Fact]
    public async Task Digest_ignores_location_of_content()
    {
        var blob = new Blob(Sha256.Of("x"u8), 1, new BlobLocation(new StoredObject(Sha256.Of("pack"u8)), 77));
        var here = ManifestEntry.File(EntryPath.Parse("a"), blob, executable: false);
        var there = ManifestEntry.File(EntryPath.Parse("a"), blob with { Location = default }, executable: false);
        Assert.Equal(await DigestOfAsync(here), await DigestOfAsync(there));
    }

    // These digests must never change. Otherwise existing stores become unreadable.
    [Fact]
    public async Task Digests_of_known_trees_never_change()
    {
        var executable = Trees.Entry("\uE000/run.sh", 2, executable: true);
        var reference = ManifestEntry.Reference(EntryPath.Parse("\U0001F600"), "https://example.com/x", null, 7);
        var small = await Trees.BuildAsync(_pages, [Trees.Entry("a.txt", 1), executable, reference]);
        Assert.Equal("bcb6d81fb8fc8820adfcafbf6cf399ce79f8c37d1f3bc97b861366c87782e9d1", small.Digest.Hex);
        var tall = await Trees.BuildAsync(_pages, PathUniverse.Tall.Select(path => Trees.Entry(path, 1)));
        Assert.Equal("958bfb89a3d7aea501205b936fa2e40437eea28d44b9b04529b8b091f077a73b", tall.Digest.Hex);
    }

    private async Task<Digest> DigestOfAsync(ManifestEntry entry) => (await Trees.BuildAsync(_pages, [entry])).Digest;

    private Property EditsEqualScratch(Func<string[]> universe) =>
        Prop.ForAll(
            Gen.Choose(0, 100).ToArbitrary(),
            RangeEdit.Generator.ListOf().ToArbitrary(),
            (percent, edits) => CheckAsync(universe(), percent, edits).GetAwaiter().GetResult()
        );

    private async Task CheckAsync(string[] universe, int percent, IEnumerable<RangeEdit> edits)
    {
        var random = new Random(percent);
        var before = universe
            .Where(_ => random.Next(100) < percent)
            .ToDictionary(path => path, path => Trees.Entry(path, 0));
        var after = new Dictionary<string, ManifestEntry>(before);
        var touched = new HashSet<string>();
        foreach (var (kind, at, count) in edits)
        {
            for (var i = at; i < at + count; i++)
            {
                var path = universe[i % universe.Length];
                touched.Add(path);
                if (kind <= 1)
                    after.Remove(path);
                else
                    after[path] = Trees.Entry(path, kind);
            }
        }

        var start = await Trees.BuildAsync(_pages, before.Values);
        var edited = await Trees.EditAsync(_pages, start, Changes(touched, after));
        var scratch = await Trees.BuildAsync(_pages, after.Values);
        Assert.Equal(await Trees.DescribeAsync(_pages, scratch), await Trees.DescribeAsync(_pages, edited));
        var entries = await new Manifest(_pages, edited).EntriesAsync(Token).ToListAsync(Token);
        Assert.Equal(
            after.Values.OrderBy(entry => entry.Path).Select(entry => (entry.Path, entry.Digest)),
            entries.Select(entry => (entry.Path, entry.Digest))
        );

        var back = await Trees.EditAsync(_pages, edited, Changes(touched, before));
        Assert.Equal(await Trees.DescribeAsync(_pages, start), await Trees.DescribeAsync(_pages, back));
    }

    private static IEnumerable<EntryChange> Changes(HashSet<string> paths, Dictionary<string, ManifestEntry> entries) =>
        paths.Select(path => new EntryChange(EntryPath.Parse(path), entries.GetValueOrDefault(path)));
}
