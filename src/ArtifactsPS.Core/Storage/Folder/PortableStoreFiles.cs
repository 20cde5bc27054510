using ArtifactsPS.Core.FileSystem;

namespace ArtifactsPS.Core.Storage.Folder;

/// <summary>Files of a store on Windows and macOS. Each call checks the path of the key for links.</summary>
/// <param name="root">Full path of the store's folder.</param>
/// <param name="files">Calls of the system.</param>
internal sealed class PortableStoreFiles(string root, LocalFileSystem files) : StoreFiles
{
    public override FileStream? OpenRead(string key)
    {
        var path = PathOf(key);
        try
        {
            return files.Open(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (UnauthorizedAccessException) when (!files.IsFile(path))
        {
            // A folder can't be opened.
            return null;
        }
    }

    public override StoreFile? Find(string key)
    {
        var path = PathOf(key);
        try
        {
            return files.IsFile(path) && files.StateOf(path) is var state
                ? new StoreFile(state.Size, state.ModifiedAt)
                : null;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            // Another process deleted the file.
            return null;
        }
        catch (UnauthorizedAccessException) when (!files.IsFile(path))
        {
            // Another process is deleting the file.
            return null;
        }
    }

    public override IReadOnlyList<(string Name, StoreFile? File)> List(string folder, Func<string, bool> isWanted)
    {
        try
        {
            return
            [
                .. files
                    .ListFiles(PathOf(folder.TrimEnd('/')), isWanted)
                    .Select(item =>
                        (item.Name, item.IsFolder ? (StoreFile?)null : new StoreFile(item.Length, item.Modified))
                    ),
            ];
        }
        catch (DirectoryNotFoundException)
        {
            return [];
        }
    }

    public override FileStream Create(string key)
    {
        var path = PathOf(key);
        files.CreateFolder(LongPath.FolderOf(path), isDurable: true);
        return files.Open(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read | FileShare.Delete);
    }

    public override bool IsInUse(string key)
    {
        try
        {
            // A live writer shares its file for reading only, on Unix with a lock.
            using var file = files.Open(PathOf(key), FileMode.Open, FileAccess.Read, FileShare.None, FileWaiting.None);
            return false;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return true;
        }
    }

    public override bool TryPlace(string staged, string key)
    {
        var (from, to) = (PathOf(staged), PathOf(key));
        files.CreateFolder(LongPath.FolderOf(to), isDurable: true);
        if (!files.TrySetReadOnly(from))
            throw new FileNotFoundException($"'{from}' was deleted while it was written.", from);
        return files.TryPlace(from, to);
    }

    public override bool TryRename(string key, string target)
    {
        var (from, to) = (PathOf(key), PathOf(target));
        if (!files.IsFile(from))
            return false;
        files.CreateFolder(LongPath.FolderOf(to), isDurable: true);
        // Another process may move the file meanwhile.
        return files.TrySetReadOnly(from) && files.TryReplace(from, to, isDurable: true);
    }

    public override bool TryLink(string key, string target) => false;

    public override bool AreSame(string key, string other) => false;

    public override bool Delete(string key) => files.Delete(PathOf(key));

    public override void Discard(string key) => files.Discard(PathOf(key));

    private string PathOf(string key)
    {
        var path = root;
        foreach (var name in key.Split(['/'], StringSplitOptions.RemoveEmptyEntries))
            if (IsLink(path = Path.Combine(path, name)))
                throw LinkFailure(path);
        return path;
    }

    private bool IsLink(string path) =>
        files.AttributesOf(path) is not LocalFileSystem.Missing and var found
        && (found & FileAttributes.ReparsePoint) != 0;
}
