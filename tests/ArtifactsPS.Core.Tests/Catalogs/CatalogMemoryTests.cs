using ArtifactsPS.Core.Tests.Fixtures;

namespace ArtifactsPS.Core.Tests.Catalogs;

/// <summary>Listings of a store that shows whether its logs are unchanged.</summary>
public sealed class CatalogMemoryTests
{
    private const string Folder = "artifacts/model/log/";
    private const string LastKey = "artifacts/model/log/000000000001.json";

    private readonly StampedStore _store = new(new MemoryObjectStore());

    [Fact]
    public async Task Listing_again_reads_no_unchanged_log()
    {
        var versions = await PublishAsync();
        var first = Assert.Single(await ListAsync(versions));
        _store.Reads.Clear();

        Assert.Same(first, Assert.Single(await ListAsync(versions)));
        Assert.Empty(_store.Reads);
    }

    [Theory]
    [InlineData(Folder)]
    [InlineData(LastKey)]
    public async Task Listing_reads_log_with_changed_stamp(string changed)
    {
        var versions = await PublishAsync();
        await ListAsync(versions);
        _store.Reads.Clear();
        _store.Stamps[changed] = 2;

        Assert.Single(await ListAsync(versions));
        Assert.Equal([LastKey], _store.Reads);
    }

    [Theory]
    [InlineData(Folder)]
    [InlineData(LastKey)]
    public async Task Listing_reads_log_without_stamp(string unknown)
    {
        var versions = await PublishAsync();
        _store.Stamps[unknown] = null;
        await ListAsync(versions);
        _store.Reads.Clear();

        Assert.Single(await ListAsync(versions));
        Assert.Equal([LastKey], _store.Reads);
    }

    [Fact]
    public async Task Change_during_a_read_is_seen_by_next_listing()
    {
        var versions = await PublishAsync();
        _store.OnRead = () => _store.Stamps[Folder] = 2;
        await ListAsync(versions);
        _store.OnRead = () => { };
        _store.Reads.Clear();

        await ListAsync(versions);
        Assert.Equal([LastKey], _store.Reads);
    }

    [Fact]
    public async Task Listing_sees_the_end_of_an_interrupted_rename()
    {
        var versions = await PublishAsync();
        var (old, name) = (ArtifactName.Parse("model"), ArtifactName.Parse("network"));
        await versions
            .OpenCatalog(ArtifactKey.Of(name))
            .CommitAsync(_ => [new ClaimAction(ArtifactKey.Of(old))], null, Token);
        foreach (var key in new[] { "", "000000000001.json", "000000000002.json" })
            _store.Stamps[$"artifacts/network/log/{key}"] = 1;
        Assert.Equal(old, Assert.Single(await ListAsync(versions)).Name);

        await ArtifactRenamer.RenameAsync(versions, old, name, null, Token);
        (_store.Stamps[Folder], _store.Stamps[LastKey.Replace('1', '2')]) = (2, 1);

        Assert.Equal(name, Assert.Single(await ListAsync(versions)).Name);
        Assert.Equal(name, Assert.Single(await ListAsync(versions)).Name);
    }

    private async Task<VersionStore> PublishAsync()
    {
        var versions = await VersionStore.CreateAsync(_store, Token);
        await using var draft = ArtifactDraft.Begin(versions, ArtifactName.Parse("model"), TypeName.Parse("model"), []);
        await draft.AddTextAsync("file", "text");
        await draft.PublishAsync();
        (_store.Stamps[Folder], _store.Stamps[LastKey]) = (1, 1);
        return versions;
    }

    private static async Task<List<CatalogState>> ListAsync(VersionStore versions)
    {
        var states = new List<CatalogState>();
        await foreach (var state in versions.ReadCatalogsAsync(_ => true, Token))
            states.Add(state);
        return states;
    }

    private sealed class StampedStore(IObjectStore inner) : StoreDecorator(inner), IStampedStore
    {
        /// <summary>Keys that were read.</summary>
        public List<string> Reads { get; } = [];

        /// <summary>Stamps of folders and keys.</summary>
        public Dictionary<string, long?> Stamps { get; } = [];

        public Action OnRead { get; set; } = () => { };

        public KeyStamp? StampOf(string key) =>
            Stamps[key] is { } stamp ? new KeyStamp(0, new FileState(0, stamp, stamp, 0, 0)) : null;

        protected override void Before(string operation, string key)
        {
            if (operation != "read")
                return;
            Reads.Add(key);
            OnRead();
        }
    }
}
