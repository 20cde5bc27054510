using ArtifactsPS.Core.Tests.Fixtures;

namespace ArtifactsPS.Core.Tests.Manifests;

/// <summary>Reading stored trees, and the number of reads.</summary>
public sealed class ManifestTests : IAsyncLifetime
{
    private readonly CountingObjectStore _store = new(new MemoryObjectStore());
    private PageReference _root = null!;

    public async ValueTask InitializeAsync()
    {
        var built = await Trees.BuildAsync(Pages(), PathUniverse.Tall.Select(path => Trees.Entry(path, 1)));
        _root = await Trees.StoreAsync(_store, built);
        _store.Reset();
    }

    public ValueTask DisposeAsync() => default;

    [Fact]
    public async Task All_entries_are_in_path_order()
    {
        var entries = await Open().EntriesAsync(Token).ToListAsync(Token);
        Assert.Equal(PathUniverse.Tall, entries.Select(entry => entry.Path.ToString()));
    }

    [Fact]
    public async Task Finding_an_entry_reads_one_page_per_level()
    {
        foreach (var path in PathUniverse.Tall.Where((_, i) => i % 50 == 0))
        {
            _store.Reset();
            Assert.Equal(path, (await Open().FindAsync(EntryPath.Parse(path), Token))?.Path.ToString());
            Assert.Equal(_root.Level + 1, _store.KeysOf("read").Count);
        }
    }

    [Theory]
    [InlineData(" first")]
    [InlineData("[x]/")]
    [InlineData("z/y/ffffffff9")]
    [InlineData("\U0001F600/zzz")]
    public async Task Missing_path_is_not_found(string path)
    {
        var text = path.EndsWith('/') ? path + "x" : path;
        Assert.Null(await Open().FindAsync(EntryPath.Parse(text), Token));
    }

    [Theory]
    [InlineData("")]
    [InlineData("z/")]
    [InlineData("z/y/")]
    [InlineData("z")]
    [InlineData("z/y/1")]
    [InlineData("\uE000/")]
    [InlineData("\U0001F600/a")]
    [InlineData(" ")]
    [InlineData("[x]/z")]
    [InlineData("\U0001F601")]
    public async Task Prefix_selects_all_and_only_matching_entries(string prefix)
    {
        var entries = await Open().EntriesAsync(prefix, Token).ToListAsync(Token);
        Assert.Equal(
            PathUniverse.Tall.Where(path => path.StartsWith(prefix, StringComparison.Ordinal)),
            entries.Select(entry => entry.Path.ToString())
        );
    }

    [Fact]
    public async Task Full_path_as_prefix_selects_its_entry()
    {
        var manifest = Open();
        foreach (var path in PathUniverse.Tall)
            Assert.Equal(path, (await manifest.EntriesAsync(path, Token).SingleAsync(Token)).Path.ToString());
    }

    [Fact]
    public async Task Listing_a_folder_skips_pages_of_other_folders()
    {
        var pages = await Trees.PagesAsync(Pages(), _root);
        _store.Reset();
        var listed = await Open().EntriesAsync("z/y/", Token).CountAsync(Token);
        var read = _store.KeysOf("read").Count;
        // A sixth of all entries, plus the pages at both ends and on the levels above.
        Assert.True(listed > 100);
        Assert.InRange(read, 10, pages.Count / 6 + 20);
    }

    [Fact]
    public async Task Damaged_page_error_names_its_object()
    {
        var memory = new MemoryObjectStore();
        var built = await Trees.BuildAsync(Pages(), PathUniverse.Tall.Select(path => Trees.Entry(path, 1)));
        var root = await Trees.StoreAsync(memory, built);
        var key = Assert.Single(memory.Keys);
        memory[key] = [.. memory[key].Select(b => b == (byte)'9' ? (byte)'8' : b)];
        var manifest = new Manifest(new PageReader(new ContentReader(memory)), root);
        var error = await Assert.ThrowsAsync<ObjectCorruptException>(() =>
            manifest.EntriesAsync(Token).ToListAsync(Token).AsTask()
        );
        Assert.Equal(key, error.Target);
    }

    [Fact]
    public async Task Page_replaced_by_another_is_reported()
    {
        var memory = new MemoryObjectStore();
        var one = await Trees.StoreAsync(memory, await Trees.BuildAsync(Pages(), [Trees.Entry("a", 1)]));
        var two = await Trees.StoreAsync(memory, await Trees.BuildAsync(Pages(), [Trees.Entry("a", 2)]));
        memory[one.Location.Object.Key] = memory[two.Location.Object.Key];
        var manifest = new Manifest(new PageReader(new ContentReader(memory)), one);
        await Assert.ThrowsAsync<ObjectCorruptException>(() =>
            manifest.FindAsync(EntryPath.Parse("a"), Token).AsTask()
        );
    }

    [Fact]
    public async Task Page_listed_twice_is_reported()
    {
        // Several levels of such pages would list one page a billion times.
        var leaf = (UnstoredPage)await Trees.BuildAsync(Pages(), [Trees.Entry("a", 1), Trees.Entry("b", 2)]);
        UnstoredPage At(string first, long entries) =>
            new()
            {
                First = EntryPath.Parse(first),
                Level = 0,
                Digest = leaf.Digest,
                EntryCount = entries,
                TotalSize = leaf.TotalSize,
                Content = leaf.Content,
            };

        foreach (var second in new[] { At("b", leaf.EntryCount), At("a2", leaf.EntryCount), At("c", 1) })
        {
            var memory = new MemoryObjectStore();
            var bomb = new ManifestPage(1, [At("a", leaf.EntryCount), second]).ToUnstoredPage();
            var root = await Trees.StoreAsync(memory, bomb);
            var manifest = new Manifest(new PageReader(new ContentReader(memory)), root);
            await Assert.ThrowsAsync<ObjectCorruptException>(() =>
                manifest.EntriesAsync(Token).ToListAsync(Token).AsTask()
            );
        }
    }

    [Fact]
    public async Task Missing_object_error_names_its_key()
    {
        var memory = new MemoryObjectStore();
        var root = await Trees.StoreAsync(memory, await Trees.BuildAsync(Pages(), [Trees.Entry("a", 1)]));
        await memory.DeleteAsync(root.Location.Object.Key, Token);
        var manifest = new Manifest(new PageReader(new ContentReader(memory)), root);
        var error = await Assert.ThrowsAsync<ObjectMissingException>(() =>
            manifest.FindAsync(EntryPath.Parse("a"), Token).AsTask()
        );
        Assert.Equal(root.Location.Object.Key, error.Target);
    }

    private Manifest Open() => new(Pages(), _root);

    // Creates a reader with an empty cache.
    private PageReader Pages() => new(new ContentReader(_store));
}
