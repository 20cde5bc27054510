using ArtifactsPS.Core.Content.FileIndexing;
using ArtifactsPS.Core.FileSystem;
using ArtifactsPS.Core.Manifests;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Restoring;

/// <summary>
/// Restores large files that are whole objects without copying their bytes, where store and destination are on one file system
/// with reflinks (XFS, Btrfs). An object is hashed once; later restores rely on its unchanged state, as for other files.
/// Safe for concurrent callers.
/// </summary>
/// <param name="storeId">Id of the store.</param>
internal sealed class ClonedObjects(string storeId)
{
    // After that time the store is considered gone.
    private static readonly TimeSpan Retention = TimeSpan.FromDays(90);

    // Most restores clone nothing.
    private readonly Lazy<FileIndex> _checked = new(() =>
        new FileIndex(CacheFolder.PathOf(CacheFolder.CheckedObjectsName, storeId + ".index"))
    );

    /// <summary>Restores a file as a clone of its object.</summary>
    /// <returns>State of the file. Null if it must be copied.</returns>
    /// <exception cref="ObjectCorruptException">The object doesn't match its digest; no file is left.</exception>
    public FileState? TryRestore(
        IObjectStore store,
        ManifestEntry entry,
        IRestoreFolder folder,
        string name,
        CancellationToken cancellationToken
    )
    {
        if (store is not IFileStore files || !entry.IsWholeObject)
            return null;
        var key = StoreLayout.ObjectKey(entry.Digest!.Value);
        try
        {
            using var source = files.TryOpenFile(key);
            return source is null
                ? null
                : folder.TryClone(
                    name,
                    entry.Executable,
                    source,
                    clone => Check(store, entry, key, source, clone, cancellationToken)
                );
        }
        catch (FileChangedWhileReadingException)
        {
            // Copying reads the object again, and reports what is wrong with it.
            return null;
        }
    }

    /// <summary>Saves which objects were checked.</summary>
    public async Task SaveAsync()
    {
        if (!_checked.IsValueCreated)
            return;
        await _checked.Value.SaveAsync(keepUnseen: true).ConfigureAwait(false);
        CacheFolder.DeleteUnused(CacheFolder.CheckedObjectsName, Retention);
    }

    // The clone has the bytes that the object had at some moment after it was opened.
    private void Check(
        IObjectStore store,
        ManifestEntry entry,
        string key,
        FileReader source,
        FileReader clone,
        CancellationToken cancellationToken
    )
    {
        if (_checked.Value.Find(source.Path, source.State)?.Content == entry.Digest)
        {
            source.CheckUnchanged(source.State.Size);
            return;
        }
        // The object is probably in memory, the clone never. Without a change time, only the clone proves anything.
        var showsChanges = source.State.Changed != 0;
        if (FileHash.Of(showsChanges ? source : clone, cancellationToken) != entry.Digest)
            throw new ObjectCorruptException(store.Location, key, "its bytes don't match its digest");
        if (showsChanges)
            _checked.Value.Add(source.Path, source.State, entry);
    }
}
