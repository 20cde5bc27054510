using ArtifactsPS.Core.FileSystem;
using ArtifactsPS.Core.Records;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Storage.Caching;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Catalogs;

/// <summary>
/// States of a remote store's catalogs as of the last read, kept on this machine in the form of checkpoints and their pages. Each
/// transaction names the digest of the one before. So a state belongs to a log if the log still has the digest of the state's
/// last transaction. Safe for concurrent callers and processes.
/// </summary>
/// <param name="files">Files of the cache.</param>
/// <param name="storeId">Id of the store.</param>
internal sealed class CatalogCache(CachedFiles files, string storeId)
{
    private const string FolderName = "catalogs";
    private const string PageFolderName = "versions";

    /// <summary>Finds the cached state of an artifact's catalog. The caller compares it with the log.</summary>
    /// <param name="artifact">Key of the artifact.</param>
    /// <param name="source">Creates the source of the pages for a transaction.</param>
    /// <returns>Null if there is none, or it is damaged.</returns>
    public CatalogState? Find(ArtifactKey artifact, Func<long, StoredVersions.ISource> source)
    {
        if (Read(PathOf(artifact)) is not { } record)
            return null;
        try
        {
            var state = CatalogCheckpoint.Decode(record, artifact, source);
            return state.LastTransaction > 0 ? state : null;
        }
        catch (Exception e) when (e is InvalidDataException or OverflowException)
        {
            return null;
        }
    }

    /// <summary>Finds a page of a checkpoint.</summary>
    /// <returns>Null if it is not cached, or damaged.</returns>
    public SealedRecord? FindPage(VersionPage page) =>
        Read(PathOf(page)) is { } record && record.Digest == page.Digest ? record : null;

    /// <summary>Saves a state, unless it is larger than the cache's largest file.</summary>
    public async Task SaveAsync(CatalogState state, CancellationToken cancellationToken)
    {
        var bytes = await CatalogCheckpoint
            .EncodeAsync(
                state,
                (page, bytes) =>
                {
                    SavePage(page, bytes);
                    return Task.CompletedTask;
                },
                cancellationToken
            )
            .ConfigureAwait(false);
        Write(PathOf(state.Key), bytes);
    }

    /// <summary>Saves a page of a checkpoint, unless it is larger than the cache's largest file.</summary>
    public void SavePage(VersionPage page, byte[] bytes) => Write(PathOf(page), bytes);

    /// <summary>Removes the state of an artifact's catalog.</summary>
    public void Remove(ArtifactKey artifact) => CachedFiles.Remove(PathOf(artifact));

    private void Write(string path, byte[] bytes)
    {
        if (bytes.Length <= files.Largest)
            files.Write(path, new ArraySegment<byte>(bytes));
    }

    private static SealedRecord? Read(string path)
    {
        try
        {
            using var file = CachedFiles.TryOpen(path);
            if (file is null || file.Length > SealedRecord.MaxLength)
                return null;
            var bytes = new byte[file.Length];
            file.ReadFully(bytes, 0, bytes.Length);
            var record = SealedRecord.Decode(bytes);
            CachedFiles.NoteUse(path);
            return record;
        }
        catch (Exception e) when (StoreFailure.Is(e) || e is InvalidDataException)
        {
            return null;
        }
    }

    private string PathOf(ArtifactKey artifact) => files.PathOf(FolderName, storeId, artifact + ".json");

    private string PathOf(VersionPage page) =>
        files.PathOf(FolderName, storeId, PageFolderName, page.Digest.Hex + ".json");
}
