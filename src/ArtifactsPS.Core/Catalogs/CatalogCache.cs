using ArtifactsPS.Core.FileSystem;
using ArtifactsPS.Core.Records;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Storage.Caching;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Catalogs;

/// <summary>
/// What the catalogs of a store that is far away came to when they were read last, kept on this machine in the form of
/// checkpoints. A transaction names the digest of the one before, so whoever finds the last one's digest in the log still
/// knows that the log has not become another. Safe for concurrent callers and processes.
/// </summary>
/// <param name="files">Where they are kept.</param>
/// <param name="storeId">The store's.</param>
internal sealed class CatalogCache(CachedFiles files, string storeId)
{
    private const string FolderName = "catalogs";

    /// <summary>Finds what an artifact's catalog came to, which is to be held against its log.</summary>
    /// <param name="name">The artifact's.</param>
    /// <param name="damaged">What to throw when a version turns out not to be one, once it is asked for.</param>
    /// <returns>Null when it isn't there, or is damaged.</returns>
    public CatalogState? Find(string name, Func<string, Exception> damaged)
    {
        var path = PathOf(name);
        try
        {
            using var file = CachedFiles.TryOpen(path);
            if (file is null || file.Length > SealedRecord.MaxLength)
                return null;
            var bytes = new byte[file.Length];
            file.ReadFully(bytes, 0, bytes.Length);
            var state = CatalogCheckpoint.Decode(SealedRecord.Decode(bytes), Forget);
            if (!Names.Comparer.Equals(state.Name, name))
                return null;
            CachedFiles.NoteUse(path);
            return state;
        }
        catch (Exception e) when (StoreFailure.Is(e) || e is InvalidDataException)
        {
            return null;
        }

        // A checkpoint said so. The next reader had better look whether it still does.
        Exception Forget(string what)
        {
            CachedFiles.Remove(path);
            return damaged(what);
        }
    }

    /// <summary>Keeps what a catalog comes to. What comes to too much isn't kept.</summary>
    public void Keep(CatalogState state)
    {
        var bytes = CatalogCheckpoint.Encode(state);
        if (bytes.Length <= files.Largest)
            files.Write(PathOf(state.Name), new ArraySegment<byte>(bytes));
    }

    private string PathOf(string name) => files.PathOf(FolderName, storeId, Names.KeyOf(name) + ".json");
}
