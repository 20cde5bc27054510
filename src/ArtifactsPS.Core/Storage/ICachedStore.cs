namespace ArtifactsPS.Core.Storage;

/// <summary>A store whose bytes may come from a cache on this machine. Only reading uses the cache.</summary>
public interface ICachedStore
{
    /// <summary>The store without the cache.</summary>
    IObjectStore Uncached { get; }

    /// <summary>Drops the cached bytes of a key, because they don't match its digest.</summary>
    void Drop(string key);
}

/// <summary>Stores without their caches.</summary>
public static class CachedStore
{
    /// <summary>Returns the store itself, without a cache. Checks read from it.</summary>
    public static IObjectStore WithoutCache(this IObjectStore store) =>
        store is ICachedStore cached ? cached.Uncached : store;
}
