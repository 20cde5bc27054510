using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Restoring;

/// <summary>
/// The folders that a restore writes to: each must be a real folder, since writing through a link would leave the
/// destination. They are looked at once when the restore is planned, and again whenever one is opened.
/// </summary>
/// <param name="destination">The full path that all are below. It may itself be a link: that is its user's choice.</param>
/// <param name="mayReplace">Whether a file or link in a folder's place may go.</param>
internal sealed class DestinationFolders(string destination, bool mayReplace) : IDisposable
{
    private const FileAttributes Missing = (FileAttributes)(-1);

    // What each had in it before, by its path within the destination; null where it wasn't there.
    private readonly Dictionary<string, ListedFolder?> _before = new(StringComparer.Ordinal)
    {
        [""] = Directory.Exists(destination) ? ListedFolder.Of(destination) : null,
    };

    private IRestoreFolder? _root;

    /// <summary>All folders that were looked at, the destination being the empty one.</summary>
    public IReadOnlyCollection<string> All => _before.Keys;

    /// <summary>Those that have files in them which a restore was writing, or is, and their names.</summary>
    public IEnumerable<(string Folder, IReadOnlyList<string> Names)> Staged =>
        _before.Where(item => item.Value?.Staged.Count > 0).Select(item => (item.Key, item.Value!.Staged));

    /// <summary>The destination, once it was made.</summary>
    public IRestoreFolder Root => _root ?? throw new InvalidOperationException("The folders are not made yet.");

    /// <summary>Looks at the folders on the way to an entry, without changing anything.</summary>
    /// <returns>Whether the folder that holds the entry is there.</returns>
    /// <exception cref="PathNotRestorableException">Something else is in a folder's place.</exception>
    public bool Exists(string entryPath) => Inspect(ParentOf(entryPath), entryPath) is not null;

    /// <summary>Whether a folder was in the place of an entry, in a folder that was looked at.</summary>
    public bool HadFolderAt(string entryPath) => _before[ParentOf(entryPath)]?.HasFolder(NameOf(entryPath)) == true;

    /// <summary>Makes the folders that are not there, and removes what is in their place.</summary>
    public void Create()
    {
        Directory.CreateDirectory(destination);
        // From here on the destination is this folder, wherever its path leads.
        _root = RestoreFolder.Open(destination);
        foreach (
            var folder in _before
                .Where(item => item.Value is null && item.Key.Length > 0)
                .Select(item => item.Key)
                .OrderBy(path => path.Length)
        )
        {
            using var parent = OpenFolderOf(folder);
            var name = NameOf(folder);
            if (mayReplace && parent.AttributesOf(name) is var found && IsThere(found) && !IsFolder(found))
                parent.Remove(name);
            parent.CreateFolder(name);
        }
    }

    /// <summary>Opens a folder.</summary>
    /// <inheritdoc cref="OpenFolderOf"/>
    public IRestoreFolder Open(string folder) => folder.Length == 0 ? Root.Duplicate() : OpenFolderOf(folder + "/");

    /// <summary>Opens the folder that holds an entry.</summary>
    /// <returns>The folder, which the caller disposes.</returns>
    /// <exception cref="PathNotRestorableException">It, or one on the way to it, is no folder any more.</exception>
    public IRestoreFolder OpenFolderOf(string entryPath)
    {
        if (ParentOf(entryPath) is { Length: > 0 } parentPath && Root.TryOpenBelow(parentPath) is { } there)
            return there;
        // Name by name: what is in the way is to be told.
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

    /// <summary>The full path of an entry or folder.</summary>
    public string PathOf(string path) =>
        path.Length == 0 ? destination : Path.Combine(destination, path.Replace('/', Path.DirectorySeparatorChar));

    public void Dispose() => _root?.Dispose();

    /// <summary>The last segment of an entry's path.</summary>
    public static string NameOf(string path) => path.Substring(path.LastIndexOf('/') + 1);

    /// <summary>Of what a path names, links not followed; -1 when there is nothing.</summary>
    public static FileAttributes AttributesOf(string path) => new FileInfo(path).Attributes;

    /// <summary>Whether attributes are those of anything.</summary>
    public static bool IsThere(FileAttributes attributes) => attributes != Missing;

    /// <summary>Whether attributes are those of a folder, or of a link to one.</summary>
    public static bool IsFolderOrLink(FileAttributes attributes) =>
        IsThere(attributes) && (attributes & FileAttributes.Directory) != 0;

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
            && IsThere(found)
        )
        {
            if (IsFolder(found))
                listed = ListedFolder.Of(PathOf(folder));
            else if (!mayReplace)
                throw Obstructed(entryPath, folder, found);
        }
        _before.Add(folder, listed);
        return listed;
    }

    private PathNotRestorableException Obstructed(string entryPath, string folder, FileAttributes found) =>
        new(
            entryPath,
            destination,
            IsThere(found)
                ? $"'{folder}' is a {((found & FileAttributes.ReparsePoint) != 0 ? "link" : "file")} there, not a folder"
                : $"the folder '{folder}' is not there any more",
            IsThere(found)
                ? "Remove it, choose another destination, or give -Force."
                : "Restore again when nothing else changes the destination."
        );

    private static string ParentOf(string path)
    {
        var slash = path.LastIndexOf('/');
        return slash < 0 ? "" : path.Substring(0, slash);
    }
}
