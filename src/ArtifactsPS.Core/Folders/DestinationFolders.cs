namespace ArtifactsPS.Folders;

/// <summary>
/// The folders that a restore writes to, each looked at once: it must be a real folder, since writing through a link
/// would leave the destination.
/// </summary>
/// <param name="destination">The full path that all are below.</param>
/// <param name="mayReplace">Whether a file or link in a folder's place may go.</param>
internal sealed class DestinationFolders(string destination, bool mayReplace)
{
    private const FileAttributes Missing = (FileAttributes)(-1);

    // Whether each was there before, by its path within the destination.
    private readonly Dictionary<string, bool> _existed = new(StringComparer.Ordinal)
    {
        [""] = Directory.Exists(destination),
    };

    /// <summary>All folders that were looked at, the destination being the empty one.</summary>
    public IReadOnlyCollection<string> All => _existed.Keys;

    /// <summary>Looks at the folders on the way to an entry, without changing anything.</summary>
    /// <returns>Whether the folder that holds the entry is there.</returns>
    /// <exception cref="PathNotRestorableException">Something else is in a folder's place.</exception>
    public bool Exists(string entryPath) => Inspect(ParentOf(entryPath), entryPath);

    /// <summary>Makes the folders that are not there, and removes what is in their place.</summary>
    public void Create()
    {
        foreach (
            var (folder, existed) in _existed.OrderBy(item => item.Key.Length).Select(item => (item.Key, item.Value))
        )
        {
            if (existed)
                continue;
            var path = PathOf(folder);
            if (folder.Length > 0 && AttributesOf(path) is not Missing and var found && IsObstacle(found))
                Remove(path, found);
            Directory.CreateDirectory(path);
        }
    }

    /// <summary>Removes what is in a file's or folder's place; of a link the link, not what it leads to.</summary>
    public static void Remove(string path, FileAttributes attributes)
    {
        if ((attributes & FileAttributes.Directory) == 0)
            File.Delete(path);
        else
            Directory.Delete(path, recursive: (attributes & FileAttributes.ReparsePoint) == 0);
    }

    /// <summary>The full path of an entry or folder.</summary>
    public string PathOf(string path) =>
        path.Length == 0 ? destination : Path.Combine(destination, path.Replace('/', Path.DirectorySeparatorChar));

    /// <summary>Of what a path names, links not followed; -1 when there is nothing.</summary>
    public static FileAttributes AttributesOf(string path) => new FileInfo(path).Attributes;

    private bool Inspect(string folder, string entryPath)
    {
        if (_existed.TryGetValue(folder, out var known))
            return known;
        var exists = false;
        if (Inspect(ParentOf(folder), entryPath) && AttributesOf(PathOf(folder)) is not Missing and var found)
        {
            exists = !IsObstacle(found);
            if (!exists && !mayReplace)
                throw new PathNotRestorableException(
                    entryPath,
                    destination,
                    $"'{folder}' is a {((found & FileAttributes.ReparsePoint) != 0 ? "link" : "file")} there, not a folder",
                    "Remove it, choose another destination, or give -Force."
                );
        }
        _existed.Add(folder, exists);
        return exists;
    }

    private static bool IsObstacle(FileAttributes found) =>
        (found & FileAttributes.Directory) == 0 || (found & FileAttributes.ReparsePoint) != 0;

    private static string ParentOf(string path)
    {
        var slash = path.LastIndexOf('/');
        return slash < 0 ? "" : path.Substring(0, slash);
    }
}
