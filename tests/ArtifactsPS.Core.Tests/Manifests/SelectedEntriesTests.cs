namespace ArtifactsPS.Core.Tests.Manifests;

/// <summary>Entries that several selectors select.</summary>
public sealed class SelectedEntriesTests : IAsyncLifetime
{
    private readonly CountingObjectStore _store = new(new MemoryObjectStore());
    private Manifest _manifest = null!;

    public async ValueTask InitializeAsync()
    {
        var built = await Trees.BuildAsync(NewReader(), PathUniverse.Tall.Select(path => Trees.Entry(path, 1)));
        _manifest = new Manifest(NewReader(), await Trees.StoreAsync(_store, built));
        _store.Reset();
    }

    public ValueTask DisposeAsync() => default;

    [Fact]
    public async Task Entry_of_several_selectors_is_listed_once_in_order()
    {
        EntrySelector[] selectors =
        [
            EntrySelector.FileOrFolder("z/y/"),
            EntrySelector.Exactly("missing"),
            EntrySelector.Matching("*7", "", path => path.EndsWith('7')),
            EntrySelector.FileOrFolder("\uE000"),
            EntrySelector.Matching("z/*", "z/", path => path[2] is 'y' or '1'),
        ];

        var listed = await _manifest.EntriesAsync(selectors, Token).ToListAsync(Token);

        Assert.Equal(
            PathUniverse.Tall.Where(path =>
                Array.Exists(selectors, selector => selector.Matches(EntryPath.Parse(path)))
            ),
            listed.Select(entry => entry.Path.ToString())
        );
    }

    [Fact]
    public async Task Selector_of_one_entry_reads_no_other_pages()
    {
        string[] paths = [PathUniverse.Tall[^1], PathUniverse.Tall[0]];

        var listed = await _manifest.EntriesAsync(paths.Select(EntrySelector.Exactly), Token).ToListAsync(Token);

        Assert.Equal(paths.Reverse(), listed.Select(entry => entry.Path.ToString()));
        Assert.True(_store.KeysOf("read").Count <= 2 * (_manifest.Root.Level + 1));
    }

    [Fact]
    public async Task No_selectors_select_nothing() =>
        Assert.Empty(await _manifest.EntriesAsync([], Token).ToListAsync(Token));

    private PageReader NewReader() => new(new ContentReader(_store));
}
