using System.Collections.Concurrent;
using ArtifactsPS.Core.FileSystem;
using Microsoft.Win32.SafeHandles;

namespace ArtifactsPS.Core.Storage.Folder;

/// <summary>Files of a store on Linux. Each call opens the store's folder, and acts below it by descriptors.</summary>
/// <remarks>
/// As with git's core.sharedRepository, the permission bits of the store's folder decide who may read and add files, not the
/// umask of a writer. All users who may write to the folder can also reuse and clean up what others created.
/// </remarks>
internal sealed class LinuxStoreFiles(string root) : StoreFiles
{
    private const int ReadBits = 0x124;
    private const int OwnerReads = 0x100;
    private const int OwnerAll = 0x1c0;

    // Read, write, execute for all, and setgid. Without the sticky bit, which would forbid to clean up files of others.
    private const int FolderBits = 0x5ff;

    // Time in which another change may leave the same times. The kernel's clock for them ticks at least each 10 ms.
    private static readonly TimeSpan Unsettled = TimeSpan.FromSeconds(1);
    private const long TicksPerSecond = 10_000_000;
    private const long EpochTicks = 621355968000000000;

    // Folders whose names this process has made durable. An existing folder may not be durable yet: its creator may have
    // been killed before it flushed the parent.
    private readonly ConcurrentDictionary<string, bool> _durable = new(StringComparer.Ordinal);

    public override FileStream? OpenRead(string key)
    {
        var descriptor = TryOpen(key);
        if (descriptor < 0)
            return null;
        var file = new SafeFileHandle((IntPtr)descriptor, ownsHandle: true);
        try
        {
            // Throws for a pipe or folder.
            _ = LinuxFile.StateOf(PathOf(key), descriptor);
            // Callers read large blocks, which a buffer would only copy.
            return new FileStream(file, FileAccess.Read, bufferSize: 1);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public override FileReader? TryOpenFile(string key) =>
        TryOpen(key) is >= 0 and var descriptor ? new FileReader(PathOf(key), descriptor) : null;

    // A link on the path leads to another file or folder, which has another stamp.
    public override KeyStamp? StampOf(string key)
    {
        var path = PathOf(key.TrimEnd('/'));
        var found = LinuxFile.NameStateOf(LinuxFile.CurrentFolder, path, path);
        return
            found.Kind is NameKind.File or NameKind.Folder
            && found.State.UnchangedFor > Unsettled
            && LinuxChangeTimes.AreReliable(found.Device, LinuxFile.CurrentFolder, path)
            ? new KeyStamp(found.Device, found.State)
            : null;
    }

    public override StoreFile? Find(string key)
    {
        var (parent, name) = Split(key);
        using var folder = OpenFolder(parent);
        return folder is not null && CheckedStateOf(folder, name) is { Kind: NameKind.File } found
            ? FileOf(found)
            : null;
    }

    public override IReadOnlyList<(string Name, StoreFile? File)> List(string folder, Func<string, bool> isWanted)
    {
        using var opened = OpenFolder(folder.TrimEnd('/'));
        if (opened is null)
            return [];
        var items = new List<(string, StoreFile?)>();
        foreach (var (name, _, _) in opened.Content())
            if (isWanted(name) && opened.StateOf(name) is { Kind: NameKind.File or NameKind.Folder } found)
                items.Add((name, found.Kind == NameKind.File ? FileOf(found) : null));
        return items;
    }

    // The listing says which names are folders, so none needs a call of its own.
    public override IReadOnlyList<string> ListFolders(string folder)
    {
        using var opened = OpenFolder(folder.TrimEnd('/'));
        return opened is null
            ? []
            : [.. opened.Content().Where(item => item.IsFolder && !item.IsLink).Select(item => item.Name)];
    }

    public override FileStream Create(string key)
    {
        var (parent, name) = Split(key);
        using var folder = CreateFolder(parent);
        var path = folder.PathOf(name);
        var descriptor = LinuxFile.OpenNew(folder.Descriptor, name, path);
        var file = new SafeFileHandle((IntPtr)descriptor, ownsHandle: true);
        try
        {
            LinuxFile.SetPermissions(path, descriptor, (RootPermissions() & ReadBits) | OwnerReads);
            // Where locks are not supported, clean-up decides by the age of the file alone.
            _ = LinuxFile.TryLock(descriptor);
            return new FileStream(file, FileAccess.Write, bufferSize: 1);
        }
        catch
        {
            file.Dispose();
            folder.RemoveFile(name);
            throw;
        }
    }

    public override bool IsInUse(string key)
    {
        var (parent, name) = Split(key);
        using var folder = OpenFolder(parent);
        if (folder is null || !IsRegular(folder, name))
            return false;
        var descriptor = LinuxFile.TryOpenRead(folder.Descriptor, name);
        if (descriptor < 0)
            return true;
        try
        {
            return LinuxFile.IsLocked(descriptor);
        }
        finally
        {
            LinuxFile.Close(descriptor);
        }
    }

    public override bool TryPlace(string staged, string key)
    {
        var (stagedParent, stagedName) = Split(staged);
        var (parent, name) = Split(key);
        using var from = RequireFolder(stagedParent);
        using var to = CreateFolder(parent);
        if (!PosixFileSystem.TryPlace(from.Descriptor, stagedName, to.Descriptor, name, to.PathOf(name)))
        {
            // What has the name must be a file.
            _ = CheckedStateOf(to, name);
            return false;
        }
        to.Flush();
        return true;
    }

    public override bool TryRename(string key, string target)
    {
        var (oldParent, oldName) = Split(key);
        var (parent, name) = Split(target);
        using var from = OpenFolder(oldParent);
        if (from is null || !IsRegular(from, oldName))
            return false;
        using var to = CreateFolder(parent);
        _ = CheckedStateOf(to, name);
        if (!PosixFileSystem.TryRename(from.Descriptor, oldName, to.Descriptor, name, to.PathOf(name)))
            return false;
        to.Flush();
        from.Flush();
        return true;
    }

    public override bool TryLink(string key, string target)
    {
        var (oldParent, oldName) = Split(key);
        var (parent, name) = Split(target);
        using var from = OpenFolder(oldParent);
        if (from is null || !IsRegular(from, oldName))
            return false;
        using var to = CreateFolder(parent);
        if (!PosixFileSystem.TryLink(from.Descriptor, oldName, to.Descriptor, name))
            return false;
        to.Flush();
        return true;
    }

    public override bool AreSame(string key, string other)
    {
        var (parent, name) = Split(key);
        var (otherParent, otherName) = Split(other);
        using var folder = OpenFolder(parent);
        using var otherFolder = OpenFolder(otherParent);
        return folder is not null
            && otherFolder is not null
            && folder.StateOf(name) is { Kind: NameKind.File } one
            && otherFolder.StateOf(otherName) is { Kind: NameKind.File } two
            && (one.Device, one.State.FileId) == (two.Device, two.State.FileId);
    }

    public override bool Delete(string key)
    {
        var (parent, name) = Split(key);
        using var folder = OpenFolder(parent);
        return folder?.RemoveFile(name) == true;
    }

    // Negative if the key is missing or a folder.
    private int TryOpen(string key)
    {
        using var folder = TryOpenRoot();
        if (folder is null)
            return -1;
        if (folder.TryOpenFileBelow(key) is >= 0 and var descriptor)
            return descriptor;
        var (parent, name) = Split(key);
        using var below = OpenBelow(folder, parent);
        return below is not null && IsRegular(below, name)
            ? LinuxFile.OpenRead(below.Descriptor, name, below.PathOf(name))
            : -1;
    }

    private string PathOf(string key) => Path.Combine(root, key);

    private LinuxFolder? TryOpenRoot()
    {
        try
        {
            return LinuxFolder.Open(root);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    // Null if the folder is missing.
    private LinuxFolder? OpenFolder(string folder)
    {
        var opened = TryOpenRoot();
        if (opened is null || folder.Length == 0)
            return opened;
        using (opened)
            return OpenBelow(opened, folder);
    }

    private LinuxFolder RequireFolder(string folder) =>
        OpenFolder(folder) ?? throw new DirectoryNotFoundException($"There is no folder '{PathOf(folder)}'.");

    private static LinuxFolder? OpenBelow(LinuxFolder folder, string path)
    {
        if (path.Length == 0)
            return folder.Duplicate();
        if (folder.TryOpenBelow(path) is { } found)
            return found;
        // Name by name, to find a link.
        return Descend(
            folder.Duplicate(),
            path,
            static (parent, name, _) =>
            {
                var next = parent.TryOpenFolder(name);
                if (next is null)
                    CheckNoLink(parent, name);
                return next;
            }
        );
    }

    // Opens the folders of a path one below the other.
    private static LinuxFolder? Descend(
        LinuxFolder start,
        string path,
        Func<LinuxFolder, string, string, LinuxFolder?> open
    )
    {
        LinuxFolder? current = start;
        for (var end = 0; current is not null && end < path.Length; end++)
        {
            var begin = end;
            end = path.IndexOf('/', begin) is >= 0 and var slash ? slash : path.Length;
            var parent = current;
            using (parent)
                current = open(parent, path.Substring(begin, end - begin), path.Substring(0, end));
        }
        return current;
    }

    private LinuxFolder CreateFolder(string folder)
    {
        if (_durable.ContainsKey(folder) && OpenFolder(folder) is { } found)
            return found;
        CreateRoot();
        var permissions = (RootPermissions() & FolderBits) | OwnerAll;
        return Descend(
            LinuxFolder.Open(root),
            folder,
            (parent, name, path) => CreateFolder(parent, name, path, permissions)
        )!;
    }

    private LinuxFolder CreateFolder(LinuxFolder parent, string name, string path, int permissions)
    {
        var created = parent.CreateFolder(name);
        var folder = parent.TryOpenFolder(name);
        if (folder is null)
        {
            CheckNoLink(parent, name);
            throw new IOException($"'{parent.PathOf(name)}' is not a folder.");
        }
        if (!created && _durable.ContainsKey(path))
            return folder;
        try
        {
            // A killed creator may have left the bits of its umask.
            if (parent.StateOf(name) is var state && state.Owner == LinuxFile.UserId)
                if (state.State.Permissions != permissions)
                    folder.SetPermissions(permissions);
            if (created)
                folder.Flush();
            parent.Flush();
            _durable[path] = true;
            return folder;
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    // Also creates the folders above the store, and makes their names durable.
    private void CreateRoot()
    {
        if (_durable.ContainsKey(""))
            return;
        var missing = new Stack<string>();
        for (var path = root; path is { Length: > 0 } && !Directory.Exists(path); path = Path.GetDirectoryName(path))
            missing.Push(path);
        foreach (var path in missing)
        {
            Directory.CreateDirectory(path);
            PosixFileSystem.FlushFolder(path);
            PosixFileSystem.FlushFolder(Path.GetDirectoryName(path)!);
        }
        _durable[""] = true;
    }

    private int RootPermissions() =>
        LinuxFile.NameStateOf(LinuxFile.CurrentFolder, root + "/.", root).State.Permissions;

    // False if the name is missing or a folder.
    private static bool IsRegular(LinuxFolder folder, string name) =>
        CheckedStateOf(folder, name).Kind == NameKind.File;

    private static NameState CheckedStateOf(LinuxFolder folder, string name)
    {
        var state = folder.StateOf(name);
        return state.Kind switch
        {
            NameKind.Link => throw LinkFailure(folder.PathOf(name)),
            NameKind.Special => throw SpecialFailure(folder.PathOf(name)),
            _ => state,
        };
    }

    private static void CheckNoLink(LinuxFolder folder, string name)
    {
        if (folder.StateOf(name).Kind == NameKind.Link)
            throw LinkFailure(folder.PathOf(name));
    }

    private static StoreFile FileOf(NameState found) =>
        new(
            found.State.Size,
            new DateTimeOffset(EpochTicks + (found.State.Modified / (1_000_000_000 / TicksPerSecond)), TimeSpan.Zero)
        );
}
