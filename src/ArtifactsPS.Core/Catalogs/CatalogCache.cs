using ArtifactsPS.Core.FileSystem;
using ArtifactsPS.Core.Records;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Storage.Caching;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Catalogs;

/// <summary>
/// States of a remote store's catalogs as of the last read, kept on this machine in the form of checkpoints. Each transaction
/// names the digest of the one before. So a state belongs to a log if the log still has the digest of the state's last
/// transaction. Safe for concurrent callers and processes.
/// </summary>
/// <param name="files">Files of the cache.</param>
/// <param name="storeId">Id of the store.</param>
internal sealed class CatalogCache(CachedFiles files, string storeId)
{
    private const string FolderName = "catalogs";

    /// <summary>Finds the cached state of an artifact's catalog. The caller compares it with the log.</summary>
    /// <param name="name">Name of the artifact.</param>
    /// <param name="damaged">Creates the exception for a version that turns out to be invalid when it is first used.</param>
    /// <returns>Null if there is none, or it is damaged.</returns>
    public CatalogState? Find(ArtifactName name, Func<string, Exception> damaged)
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
            if (state.Name != name)
                return null;
            CachedFiles.NoteUse(path);
            return state;
        }
        catch (Exception e) when (StoreFailure.Is(e) || e is InvalidDataException)
        {
            return null;
        }

        // The checkpoint is removed, so that the next reader reads the store.
        Exception Forget(string what)
        {
            CachedFiles.Remove(path);
            return damaged(what);
        }
    }

    /// <summary>Saves a state, unless it is larger than the cache's largest file.</summary>
    public void Save(CatalogState state)
    {
        var bytes = CatalogCheckpoint.Encode(state);
        if (bytes.Length <= files.Largest)
            files.Write(PathOf(state.Name), new ArraySegment<byte>(bytes));
    }

    private string PathOf(ArtifactName name) => files.PathOf(FolderName, storeId, name.Key + ".json");
}
