using Microsoft.Win32.SafeHandles;

namespace ArtifactsPS.Core.FileSystem;

/// <summary>
/// Files and folders on Windows. Calls that meet a file in use wait for a moment. Read-only files are replaced and deleted like
/// others, as on Unix.
/// </summary>
/// <param name="calls">Calls of the system.</param>
/// <param name="retry">Repeats calls.</param>
internal sealed class WindowsFileSystem(IWindowsCalls calls, SharingRetry retry) : LocalFileSystem
{
    private const long UnixEpoch = 116444736000000000;
    private const int NanosecondsPerTick = 100;

    // Reading a file of a cloud downloads it, which changes its attributes. See FILE_ATTRIBUTE_RECALL_ON_DATA_ACCESS,
    // FILE_ATTRIBUTE_RECALL_ON_OPEN and FILE_ATTRIBUTE_OFFLINE.
    private const FileAttributes InCloud = (FileAttributes)(0x400000 | 0x40000 | 0x1000);

    public override FileStream Open(
        string path,
        FileMode mode,
        FileAccess access,
        FileShare share,
        FileWaiting waiting = FileWaiting.InUseOrDenied
    )
    {
        SafeFileHandle? file = null;
        var error = retry.Run(
            () =>
                calls.Open(path, mode, access, share, out file) is not WindowsError.AccessDenied and var failure
                    ? failure
                : IsFolder(path) ? WindowsError.IsAFolder
                : WindowsError.AccessDenied,
            waiting switch
            {
                FileWaiting.None => _ => false,
                FileWaiting.InUse => WindowsError.IsInUse,
                _ => WindowsError.MayPass,
            }
        );
        return error == WindowsError.None
            ? new FileStream(file!, access, bufferSize: 1)
            : throw WindowsError.Failure(path, error);
    }

    public override FileAttributes AttributesOf(string path)
    {
        var found = Missing;
        var error = retry.Run(() => calls.GetAttributes(path, out found), WindowsError.MayPass);
        return error == WindowsError.None ? found
            : WindowsError.IsMissing(error) ? Missing
            : throw WindowsError.Failure(path, error);
    }

    public override bool IsFile(string path) =>
        calls.GetAttributes(path, out var found) == WindowsError.None && (found & FileAttributes.Directory) == 0;

    public override FileState StateOf(string path)
    {
        SafeFileHandle? file = null;
        var error = retry.Run(() => calls.OpenForState(path, out file), WindowsError.IsInUse);
        Check(path, error == WindowsError.PathNotFound ? WindowsError.FileNotFound : error);
        using (file)
            return StateOf(file!, path);
    }

    public override FileState StateOf(FileStream file, string path) => StateOf(file.SafeFileHandle, path);

    public override IEnumerable<ListedName> List(string path) =>
        Entries(path, WindowsError.IsInUse)
            .Select(entry => new ListedName(entry.Name, IsFolder(entry.Attributes), IsLink(entry.Attributes)));

    public override IEnumerable<ListedFile> ListFiles(string path, Func<string, bool> isWanted) =>
        Entries(path, WindowsError.MayPass)
            .Where(entry => !IsLink(entry.Attributes) && isWanted(entry.Name))
            .Select(entry => new ListedFile(entry.Name, IsFolder(entry.Attributes), entry.Length, entry.Modified));

    // A rename is one step on all file systems of Windows, with and without replacing.
    public override bool TryPlace(string from, string to)
    {
        var error = retry.Run(() => calls.Move(from, to, MoveFlags.WriteThrough), WindowsError.MayPass);
        if (error is WindowsError.AlreadyExists or WindowsError.FileExists)
            return false;
        Check(to, error);
        return true;
    }

    public override bool TryReplace(string from, string to, bool isDurable)
    {
        var flags = MoveFlags.ReplaceExisting | (isDurable ? MoveFlags.WriteThrough : MoveFlags.None);
        var error = RunWithoutReadOnly(to, isFolder: false, () => calls.Move(from, to, flags), WindowsError.MayPass);
        if (WindowsError.IsMissing(error))
            return false;
        Check(to, error);
        return true;
    }

    public override bool TrySetReadOnly(string path)
    {
        var error = retry.Run(() => calls.SetAttributes(path, FileAttributes.ReadOnly), WindowsError.MayPass);
        if (WindowsError.IsMissing(error))
            return false;
        Check(path, error);
        return true;
    }

    public override bool Delete(string path)
    {
        var error = RunWithoutReadOnly(path, isFolder: false, () => calls.Delete(path), WindowsError.MayPass);
        if (WindowsError.IsMissing(error) || error == WindowsError.IsAFolder)
            return false;
        Check(path, error);
        return true;
    }

    // The journal of the file system has the name of a folder before the names in it, of which each is written through.
    public override void CreateFolder(string path, bool isDurable = false)
    {
        // Creating the root of a drive would be denied.
        if (IsFolder(path))
            return;
        var error = retry.Run(() => calls.CreateFolder(path), WindowsError.MayPass);
        if (error == WindowsError.PathNotFound && LongPath.FolderOf(path) is { Length: > 0 } parent && parent != path)
        {
            CreateFolder(parent, isDurable);
            error = retry.Run(() => calls.CreateFolder(path), WindowsError.MayPass);
        }
        // Another process may have created it.
        if (error is not WindowsError.None && !IsFolder(path))
            throw WindowsError.Failure(path, error);
    }

    public override void RemoveFolder(string path)
    {
        var error = RunWithoutReadOnly(
            path,
            isFolder: true,
            () => calls.RemoveFolder(path),
            // A deleted file stays in its folder while another program has it open.
            error => WindowsError.MayPass(error) || error == WindowsError.FolderNotEmpty && !HasContent(path)
        );
        if (!WindowsError.IsMissing(error))
            Check(path, error);
    }

    public override bool IsInUse(Exception exception) => WindowsError.IsInUse(exception);

    // Windows denies to replace and to delete what is read-only. The attribute is put back if that fails for another reason.
    private int RunWithoutReadOnly(string path, bool isFolder, Func<int> call, Func<int, bool> mayPass) =>
        retry.Run(
            () =>
            {
                var error = call();
                if (error != WindowsError.AccessDenied || calls.GetAttributes(path, out var found) != WindowsError.None)
                    return error;
                if (!isFolder && IsFolder(found))
                    return WindowsError.IsAFolder;
                if ((found & FileAttributes.ReadOnly) == 0)
                    return error;
                var writable = found & ~(FileAttributes.ReadOnly | FileAttributes.ReparsePoint);
                error = calls.SetAttributes(path, writable == 0 ? FileAttributes.Normal : writable);
                if (error == WindowsError.None)
                    error = call();
                if (error != WindowsError.None)
                    _ = calls.SetAttributes(path, found & ~FileAttributes.ReparsePoint);
                return error;
            },
            mayPass
        );

    // Whether a folder has a name that isn't being deleted.
    private bool HasContent(string path)
    {
        var entries = new List<WindowsEntry>();
        return calls.List(path, entries) != WindowsError.None
            || entries.Exists(entry => calls.GetAttributes(Path.Combine(path, entry.Name), out _) == WindowsError.None);
    }

    private List<WindowsEntry> Entries(string path, Func<int, bool> mayPass)
    {
        var entries = new List<WindowsEntry>();
        var error = retry.Run(
            () =>
            {
                entries.Clear();
                return calls.List(path, entries);
            },
            mayPass
        );
        return error switch
        {
            WindowsError.None => entries,
            WindowsError.FileNotFound or WindowsError.PathNotFound => throw new DirectoryNotFoundException(
                $"The folder '{path}' does not exist."
            ),
            WindowsError.NotAFolder => throw new IOException($"'{path}' is not a folder."),
            _ => throw WindowsError.Failure(path, error),
        };
    }

    private FileState StateOf(SafeFileHandle file, string path)
    {
        Check(path, calls.GetState(file, out var state));
        if (IsFolder(state.Attributes))
            throw new IOException($"'{path}' is a folder, not a file.");
        var isInCloud = (state.Attributes & InCloud) != 0;
        return new FileState(
            state.Size,
            (state.Modified - UnixEpoch) * NanosecondsPerTick,
            isInCloud || state.Changed == 0 ? 0 : (state.Changed - UnixEpoch) * NanosecondsPerTick,
            state.FileId,
            0
        );
    }

    private bool IsFolder(string path) =>
        calls.GetAttributes(path, out var found) == WindowsError.None && IsFolder(found);

    private static bool IsFolder(FileAttributes attributes) => (attributes & FileAttributes.Directory) != 0;

    private static bool IsLink(FileAttributes attributes) => (attributes & FileAttributes.ReparsePoint) != 0;

    private static void Check(string path, int error)
    {
        if (error != WindowsError.None)
            throw WindowsError.Failure(path, error);
    }
}
