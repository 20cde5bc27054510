using ArtifactsPS.Core.FileSystem;

namespace ArtifactsPS.Core.Storage.Caching;

/// <summary>What is kept on this machine so that it need not be read again: blocks of far objects, and what files held. All
/// of it can go at any time.</summary>
public static class LocalCache
{
    /// <summary>Where it is.</summary>
    public static string Folder => CacheFolder.Root;

    /// <summary>Lets a store that is far away be read from here, as far as it was read or written before.</summary>
    /// <exception cref="InvalidCacheLimitException">What the environment says of the cache's size can't be read.</exception>
    public static IObjectStore Over(IObjectStore store) =>
        BlockCache.OfUser() is { } blocks ? new CachingObjectStore(store, blocks) : store;

    /// <summary>Counts what there is.</summary>
    public static (int Files, long Bytes) Measure()
    {
        var files = CacheFolder.FilesBelow(Folder);
        return (files.Count, files.Sum(file => file.Length));
    }

    /// <summary>Removes it.</summary>
    /// <returns>How many files were in use and are left.</returns>
    public static int Clear() => CacheFolder.FilesBelow(Folder).Count(file => !CacheFolder.TryDelete(file));
}
