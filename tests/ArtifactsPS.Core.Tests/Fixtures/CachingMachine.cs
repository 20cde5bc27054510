namespace ArtifactsPS.Core.Tests.Fixtures;

/// <summary>A machine that reads a remote store through a cache of its own, which is deleted on disposal.</summary>
/// <param name="limit">Limit of the cache in bytes.</param>
internal sealed class CachingMachine(IObjectStore store, long limit = CachingMachine.Limit) : IDisposable
{
    private const long Limit = 1 << 30;

    private readonly TemporaryFolder _folder = new();

    /// <summary>The store. A test may replace it.</summary>
    public IObjectStore Store { get; set; } = store;

    /// <summary>Folder of the cache.</summary>
    public string Cache => _folder["cache"];

    /// <summary>Files of cached catalogs.</summary>
    public string[] CatalogFiles =>
        Directory.Exists(Path.Combine(Cache, "catalogs"))
            ? Directory.GetFiles(Path.Combine(Cache, "catalogs"), "*", SearchOption.AllDirectories)
            : [];

    /// <summary>Opens the store as another process does.</summary>
    public Task<VersionStore> OpenAsync() => VersionStore.OpenAsync(Over(Store, Cache, limit), Token);

    /// <summary>Adds a cache in a folder to a remote store.</summary>
    public static IObjectStore Over(IObjectStore store, string folder, long limit = Limit) =>
        new CachingObjectStore(store, new BlockCache(new CachedFiles(folder, limit)));

    /// <summary>Reads a catalog as a new process does.</summary>
    public async Task<CatalogState> ReadAsync(string name) =>
        await (await OpenAsync()).OpenCatalog(ArtifactName.Parse(name)).ReadAsync(Token);

    public void Dispose() => _folder.Dispose();
}
