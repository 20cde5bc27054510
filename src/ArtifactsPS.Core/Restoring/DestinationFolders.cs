using ArtifactsPS.Core.FileSystem;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Restoring;

/// <summary>
/// Folders that a restore writes to. Each must be a real folder, because writing through a link could leave the
/// destination. They are checked when the restore is planned, and again whenever one is opened.
/// </summary>
/// <param name="destination">Full path of the root. It may be a link, which is the user's choice.</param>
/// <param name="mayReplace">Whether a file or link in the place of a folder may be replaced.</param>
/// <param name="guard">Folders that may not be written to.</param>
internal sealed class DestinationFolders(string destination, bool mayReplace, ProtectedFolders guard) : IDisposable
{
    /// <summary>Attributes of a missing path.</summary>
    public const FileAttributes Missing = LocalFileSystem.Missing;

    // Content before the restore by path within the destination; null if the folder didn't exist.
    private readonly Dictionary<string, ListedFolder?> _before = new(StringComparer.Ordinal)
    {
        [""] = Directory.Exists(destination) ? ListedFolder.Of(destination) : null,
    };

    private readonly List<string> _obstacles = [];
    private IRestoreFolder? _root;

    /// <summary>Paths of all checked folders; the destination is the empty path.</summary>
    public IReadOnlyCollection<string> All => _before.Keys;

    /// <summary>Folders with temporary files of a restore, and the names of these files.</summary>
    public IEnumerable<(string Folder, IReadOnlyList<string> Names)> Staged =>
        _before.Where(item => item.Value?.Staged.Count > 0).Select(item => (item.Key, item.Value!.Staged));

    /// <summary>Paths of files and links that are in the place of a folder, and will be replaced.</summary>
    public IReadOnlyList<string> Obstacles => _obstacles;

    /// <summary>The destination. Throws before it was opened.</summary>
    public IRestoreFolder Root => _root ?? throw new InvalidOperationException("The destination is not open yet.");

    /// <summary>Checks the folders above an entry, without changing anything.</summary>
    /// <returns>Whether the folder of the entry exists.</returns>
    /// <exception cref="PathNotRestorableException">A file or link is in the place of a folder.</exception>
    public bool Exists(string entryPath) => Inspect(ParentOf(entryPath), entryPath) is not null;

    /// <summary>Whether a folder was in the place of an entry when its parent folder was checked.</summary>
    public bool HadFolderAt(string entryPath) => _before[ParentOf(entryPath)]?.HasFolder(NameOf(entryPath)) == true;

    /// <summary>Whether a link was in the place of an entry when its parent folder was checked.</summary>
    public bool HadLinkAt(string entryPath) => _before[ParentOf(entryPath)]?.HasLink(NameOf(entryPath)) == true;

    /// <summary>Opens the destination if it exists.</summary>
    /// <returns>Whether it exists.</returns>
    public bool TryOpen()
    {
        if (_root is null && Directory.Exists(destination))
            // From here on the destination is this folder, even if its path is replaced.
            _root = RestoreFolder.Open(destination);
        return _root is not null;
    }

    /// <summary>Creates the missing folders, replacing files and links in their place if allowed.</summary>
    public void Create()
    {
        if (!TryOpen())
        {
            Directory.CreateDirectory(destination);
            _root = RestoreFolder.Open(destination);
        }
        foreach (
            var folder in _before
                .Where(item => item.Value is null && item.Key.Length > 0)
                .Select(item => item.Key)
                .OrderBy(path => path.Length)
        )
        {
            using var parent = OpenFolderOf(folder);
            var name = NameOf(folder);
            if (mayReplace && parent.AttributesOf(name) is var found && Exists(found) && !IsFolder(found))
                parent.RemoveFile(name);
            parent.CreateFolder(name);
        }
    }

    /// <summary>Opens a folder.</summary>
    /// <inheritdoc cref="OpenFolderOf"/>
    public IRestoreFolder Open(string folder) => folder.Length == 0 ? Root.Duplicate() : OpenFolderOf(folder + "/");

    /// <summary>Opens the folder of an entry.</summary>
    /// <returns>Folder that the caller disposes.</returns>
    /// <exception cref="PathNotRestorableException">The folder or one above it is not a folder any more.</exception>
    public IRestoreFolder OpenFolderOf(string entryPath)
    {
        if (ParentOf(entryPath) is { Length: > 0 } parentPath && Root.TryOpenBelow(parentPath) is { } there)
            return there;
        // Opened name by name, so that the error names the obstacle.
        var folder = Root.Duplicate();
        for (int start = 0, slash; (slash = entryPath.IndexOf('/', start)) >= 0; start = slash + 1)
            using (var parent = folder)
            {
                var name = entryPath.Substring(start, slash - start);
                folder =
                    parent.TryOpenFolder(name)
                    ?? throw Obstructed(entryPath, entryPath.Substring(0, slash), parent.AttributesOf(name));
            }
        return folder;
    }

    /// <summary>Returns the full path of an entry or folder.</summary>
    public string PathOf(string path) =>
        path.Length == 0 ? destination : Path.Combine(destination, path.Replace('/', Path.DirectorySeparatorChar));

    public void Dispose() => _root?.Dispose();

    /// <summary>Returns the last segment of an entry's path.</summary>
    public static string NameOf(string path) => path.Substring(path.LastIndexOf('/') + 1);

    /// <summary>Returns the attributes of a path, links not followed; -1 if it is missing.</summary>
    public static FileAttributes AttributesOf(string path) => LocalFileSystem.Current.AttributesOf(path);

    /// <summary>Whether attributes are not those of a missing path.</summary>
    public static bool Exists(FileAttributes attributes) => attributes != Missing;

    /// <summary>Whether attributes are those of a folder, or of a link to one.</summary>
    public static bool IsFolderOrLink(FileAttributes attributes) =>
        Exists(attributes) && (attributes & FileAttributes.Directory) != 0;

    /// <summary>Whether attributes are those of a link.</summary>
    public static bool IsLink(FileAttributes attributes) =>
        Exists(attributes) && (attributes & FileAttributes.ReparsePoint) != 0;

    /// <summary>Whether attributes are those of a folder, and not of a link to one.</summary>
    public static bool IsFolder(FileAttributes attributes) =>
        IsFolderOrLink(attributes) && (attributes & FileAttributes.ReparsePoint) == 0;

    private ListedFolder? Inspect(string folder, string entryPath)
    {
        if (_before.TryGetValue(folder, out var known))
            return known;
        ListedFolder? listed = null;
        if (
            Inspect(ParentOf(folder), entryPath) is not null
            && AttributesOf(PathOf(folder)) is var found
            && Exists(found)
        )
        {
            if (IsFolder(found))
            {
                guard.CheckMayWrite(PathOf(folder), entryPath, destination);
                listed = ListedFolder.Of(PathOf(folder));
            }
            else if (mayReplace)
                _obstacles.Add(folder);
            else
                throw Obstructed(entryPath, folder, found);
        }
        _before.Add(folder, listed);
        return listed;
    }

    private PathNotRestorableException Obstructed(string entryPath, string folder, FileAttributes found) =>
        new(
            entryPath,
            destination,
            Exists(found)
                ? $"'{folder}' is a {((found & FileAttributes.ReparsePoint) != 0 ? "link" : "file")}, not a folder"
                : $"the folder '{folder}' was removed meanwhile",
            Exists(found)
                ? "Remove it, choose another destination, or use -Force."
                : "Restore again when no other program changes the destination."
        );

    private static string ParentOf(string path)
    {
        var slash = path.LastIndexOf('/');
        return slash < 0 ? "" : path.Substring(0, slash);
    }
}
