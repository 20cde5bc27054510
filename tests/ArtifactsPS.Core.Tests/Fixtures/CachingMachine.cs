namespace ArtifactsPS.Core.Tests.Fixtures;

/// <summary>A machine that reaches a store from afar, and keeps what it reads; its cache is gone once disposed.</summary>
/// <param name="store">The store.</param>
/// <param name="limit">How much it keeps, in bytes.</param>
internal sealed class CachingMachine(IObjectStore store, long limit = CachingMachine.Limit) : IDisposable
{
    private const long Limit = 1 << 30;

    private readonly TemporaryFolder _folder = new();

    /// <summary>What is at the store's place.</summary>
    public IObjectStore Store { get; set; } = store;

    /// <summary>Where it keeps what it reads.</summary>
    public string Cache => _folder["cache"];

    /// <summary>The files of what it remembers of catalogs.</summary>
    public string[] Remembered =>
        Directory.Exists(Path.Combine(Cache, "catalogs"))
            ? Directory.GetFiles(Path.Combine(Cache, "catalogs"), "*", SearchOption.AllDirectories)
            : [];

    /// <summary>Opens the store as another process does.</summary>
    public Task<VersionStore> OpenAsync() => VersionStore.OpenAsync(Over(Store, Cache, limit), Token);

    /// <summary>A store that is far away, of which what is read is kept in a folder.</summary>
    public static IObjectStore Over(IObjectStore store, string folder, long limit = Limit) =>
        new CachingObjectStore(store, new BlockCache(new CachedFiles(folder, limit)));

    /// <summary>Reads a catalog in a process of its own.</summary>
    public async Task<CatalogState> ReadAsync(string name) =>
        await (await OpenAsync()).OpenCatalog(name).ReadAsync(Token);

    public void Dispose() => _folder.Dispose();
}
