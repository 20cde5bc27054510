using ArtifactsPS.Core.Tests.Fixtures;

namespace ArtifactsPS.Core.Tests.Manifests;

/// <summary>Listing folders of a stored tree, and the number of reads.</summary>
public sealed class FolderListingTests
{
    private readonly CountingObjectStore _store = new(new MemoryObjectStore());

    [Fact]
    public async Task Every_folder_lists_its_direct_children()
    {
        string[] paths =
        [
            "a",
            "a-b",
            "a/b",
            "a/b/c",
            "a/b.c",
            "a/b0",
            "a0",
            "b/\uE000/x",
            "b/\U0001F600/y",
            .. PathUniverse.Tall,
        ];
        var manifest = await StoreAsync(paths);
        var folders = paths
            .SelectMany(path => path.Select((c, i) => c == '/' ? path[..(i + 1)] : ""))
            .Append("a/missing/")
            .ToHashSet(StringComparer.Ordinal);

        foreach (var folder in folders)
        {
            var expected = paths
                .Where(path => path.StartsWith(folder, StringComparison.Ordinal))
                .Select(path => path[folder.Length..])
                .Select(rest =>
                    rest.Contains('/', StringComparison.Ordinal)
                        ? rest[..(rest.IndexOf('/', StringComparison.Ordinal) + 1)]
                        : rest
                )
                .ToHashSet(StringComparer.Ordinal);
            var listed = await manifest
                .ListAsync(folder, Token)
                .Select(item => item.Entry is null ? item.Name + "/" : item.Name)
                .ToListAsync(Token);

            Assert.Equal(expected.Order(StringComparer.Ordinal), listed.Order(StringComparer.Ordinal));
            Assert.Equal(expected.Count > 0, await manifest.HasFolderAsync(folder, Token));
        }
    }

    [Theory]
    [InlineData("a/b", "b b.c b/ b0")]
    [InlineData("a/b.", "b.c")]
    [InlineData("a", "a a-b a/ a0")]
    [InlineData("a/missing", "")]
    public async Task Prefix_lists_only_matching_names(string prefix, string names)
    {
        var manifest = await StoreAsync(["a", "a-b", "a/a", "a/b", "a/b/c", "a/b.c", "a/b0", "a/c/d", "a0", "b"]);

        var listed = await manifest
            .ListAsync(prefix, Token)
            .Select(item => item.Entry is null ? item.Name + "/" : item.Name)
            .ToListAsync(Token);

        Assert.Equal(names, string.Join(' ', listed.Order(StringComparer.Ordinal)));
    }

    // Path completion and drive listings do this. One path down the tree finds the start of a folder, and its children
    // are on few pages.
    [Fact]
    public async Task Listing_one_folder_of_million_entries_reads_few_pages()
    {
        var manifest = await StoreAsync(
            Enumerable.Range(0, 1_000_000).Select(i => $"folder-{i / 1000}/file-{i % 1000}")
        );

        await AssertListedAsync(manifest, "folder-123/", items: 1000, mostReads: 30);
        await AssertListedAsync(manifest, "folder-123/file-45", items: 11, mostReads: 8);
        await AssertListedAsync(manifest, "folder-99", items: 11, mostReads: 60);
        await AssertListedAsync(manifest, "", items: 1000, mostReads: 2500);
    }

    private async Task AssertListedAsync(Manifest manifest, string prefix, int items, int mostReads)
    {
        var uncached = new Manifest(new PageReader(new ContentReader(_store)), manifest.Root);
        _store.Reset();
        Assert.Equal(items, await uncached.ListAsync(prefix, Token).CountAsync(Token));
        Assert.InRange(_store.KeysOf("read").Count, 1, mostReads);
    }

    [Fact]
    public async Task Files_have_entries_and_folders_have_none()
    {
        var items = await (await StoreAsync(["x/a", "x/b/c"])).ListAsync("x/", Token).ToListAsync(Token);

        Assert.Equal(("a", "x/a"), (items[0].Name, items[0].Entry?.Path.ToString()));
        Assert.Equal(("b", (ManifestEntry?)null), (items[1].Name, items[1].Entry));
    }

    [Fact]
    public async Task Empty_tree_lists_nothing() =>
        Assert.Empty(await (await StoreAsync([])).ListAsync("", Token).ToListAsync(Token));

    [Fact]
    public async Task Subfolders_are_listed_without_reading_their_entries()
    {
        var paths = Enumerable.Range(0, 60_000).Select(i => $"top/{i % 3}/{i:d6}").Append("top/file").Append("zzz");
        var manifest = await StoreAsync(paths);
        var pages = await Trees.PagesAsync(manifest.Pages, manifest.Root);
        manifest = new Manifest(new PageReader(new ContentReader(_store)), manifest.Root);
        _store.Reset();

        var items = await manifest.ListAsync("top/", Token).Select(item => item.Name).ToListAsync(Token);

        Assert.Equal(["0", "1", "2", "file"], items);
        Assert.True(pages.Count > 150);
        // For each folder its first and its last page, plus the root and the levels between.
        Assert.InRange(_store.KeysOf("read").Count, 1, 2 * (3 + manifest.Root.Level));
    }

    private async Task<Manifest> StoreAsync(IEnumerable<string> paths)
    {
        var pages = new PageReader(new ContentReader(_store));
        var built = await Trees.BuildAsync(pages, paths.Select(path => Trees.Entry(path, 1)));
        return new Manifest(new PageReader(new ContentReader(_store)), await Trees.StoreAsync(_store, built));
    }
}
