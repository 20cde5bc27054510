using ArtifactsPS.Core.FileSystem;

namespace ArtifactsPS.Core.Storage.Caching;

/// <summary>Cache on this machine: blocks of remote objects, state of catalogs, and records of files. All of it can be deleted at any
/// time.</summary>
public static class LocalCache
{
    /// <summary>Full path of the cache.</summary>
    public static string Folder => CacheFolder.Root;

    /// <summary>Adds the cache to a remote store.</summary>
    /// <exception cref="InvalidCacheLimitException">The environment variable has an invalid limit.</exception>
    public static IObjectStore Over(IObjectStore store) =>
        BlockCache.OfUser() is { } blocks ? new CachingObjectStore(store, blocks) : store;

    /// <summary>Counts the files of the cache and their bytes.</summary>
    public static (int Files, long Bytes) Measure()
    {
        var files = CacheFolder.AllFiles();
        return (files.Count, files.Sum(file => file.Length));
    }

    /// <summary>Removes the files of the cache. Other files in its folder stay.</summary>
    /// <returns>Number of files that are in use and remain.</returns>
    public static int Clear() => CacheFolder.AllFiles().Count(file => !CacheFolder.TryDelete(file));
}
