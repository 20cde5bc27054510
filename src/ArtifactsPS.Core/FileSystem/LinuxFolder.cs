using System.Runtime.InteropServices;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.FileSystem;

/// <summary>
/// Open folder. Operations act on the folder itself even if its path is replaced meanwhile, and never follow a link in
/// it: openat(2) and related calls use the descriptor instead of the path.
/// </summary>
internal sealed class LinuxFolder : IDisposable
{
    private const int PathOnly = 0x200000;
    private const int CloseOnExec = LinuxFile.CloseOnExec;
    private const int ReadWrite = 2;
    private const int WithoutName = 0x400000;
    private const int FollowLink = 0x400;
    private const int RemoveEmptyFolder = 0x200;
    private const uint AllForAll = 0x1ff;

    // The number is the same on every architecture.
    private const int OpenAt2 = 437;
    private const ulong NoSymbolicLinks = 4;
    private const ulong Beneath = 8;

    private const int NoEntry = 2;
    private const int AlreadyExists = 17;
    private const int NotAFolder = 20;
    private const int IsAFolder = 21;
    private const int TooManyLinks = 40;

    // The two flags that differ between architectures.
    private static readonly bool HasOwnFlags =
        RuntimeInformation.ProcessArchitecture is Architecture.Arm or Architecture.Arm64
        || RuntimeInformation.ProcessArchitecture.ToString() is "Ppc64le";
    private static readonly int FolderOnly = HasOwnFlags ? 0x4000 : 0x10000;

    private int _descriptor;

    private LinuxFolder(int descriptor, string path) => (_descriptor, Path) = (descriptor, path);

    /// <summary>Flag that makes opening a link fail (O_NOFOLLOW).</summary>
    public static int NoFollow { get; } = HasOwnFlags ? 0x8000 : 0x20000;

    /// <summary>Path by which the folder was opened; for messages.</summary>
    public string Path { get; }

    /// <summary>Descriptor for calls of <see cref="LinuxFile"/>.</summary>
    public int Descriptor =>
        _descriptor >= 0 ? _descriptor : throw new ObjectDisposedException(nameof(LinuxFolder), Path);

    /// <summary>Opens a folder by its path, links followed.</summary>
    public static LinuxFolder Open(string path)
    {
        var descriptor = openat(LinuxFile.CurrentFolder, LinuxFile.Terminated(path), Flags, 0);
        return descriptor >= 0
            ? new LinuxFolder(descriptor, path)
            : throw LinuxFile.Failure(path, Marshal.GetLastWin32Error());
    }

    /// <summary>Opens the folder again.</summary>
    public LinuxFolder Duplicate()
    {
        var descriptor = openat(Descriptor, LinuxFile.Terminated("."), Flags, 0);
        return descriptor >= 0
            ? new LinuxFolder(descriptor, Path)
            : throw new DirectoryNotFoundException($"The folder '{Path}' does not exist any more.");
    }

    /// <summary>Opens a folder in this one.</summary>
    /// <returns>Null if the name is missing, a file or a link.</returns>
    public LinuxFolder? TryOpenFolder(string name)
    {
        var descriptor = openat(Descriptor, LinuxFile.Terminated(name), Flags | NoFollow, 0);
        if (descriptor >= 0)
            return new LinuxFolder(descriptor, PathOf(name));
        return Marshal.GetLastWin32Error() is not (NoEntry or NotAFolder or TooManyLinks) and var error
            ? throw LinuxFile.Failure(PathOf(name), error)
            : null;
    }

    /// <summary>Opens a folder below this one in one call.</summary>
    /// <param name="path">Names joined by <c>/</c>.</param>
    /// <returns>Null if a name in the path is not a folder, or the kernel is older than 5.6. Opening name by name with
    /// <see cref="TryOpenFolder"/> shows which.</returns>
    public LinuxFolder? TryOpenBelow(string path)
    {
        var how = new OpenHow { Flags = (ulong)(uint)Flags, Resolve = NoSymbolicLinks | Beneath };
        var size = (IntPtr)Marshal.SizeOf<OpenHow>();
        var descriptor = (int)syscall((IntPtr)OpenAt2, (IntPtr)Descriptor, LinuxFile.Terminated(path), ref how, size);
        return descriptor >= 0 ? new LinuxFolder(descriptor, PathOf(path)) : null;
    }

    /// <summary>Opens a regular file below this folder for reading in one call. A pipe is opened as well, without waiting
    /// for a writer.</summary>
    /// <param name="path">Names joined by <c>/</c>.</param>
    /// <returns>Descriptor that the caller closes; negative if the file is missing, a name in the path is a link or not a
    /// folder, or the kernel is older than 5.6.</returns>
    public int TryOpenFileBelow(string path)
    {
        const int NonBlocking = 0x800;
        var how = new OpenHow { Flags = NonBlocking | CloseOnExec, Resolve = NoSymbolicLinks | Beneath };
        var size = (IntPtr)Marshal.SizeOf<OpenHow>();
        return (int)syscall((IntPtr)OpenAt2, (IntPtr)Descriptor, LinuxFile.Terminated(path), ref how, size);
    }

    /// <summary>Creates a folder, unless the name exists.</summary>
    /// <returns>False if the name exists.</returns>
    public bool CreateFolder(string name)
    {
        if (mkdirat(Descriptor, LinuxFile.Terminated(name), AllForAll) == 0)
            return true;
        var error = Marshal.GetLastWin32Error();
        return error == AlreadyExists ? false : throw LinuxFile.Failure(PathOf(name), error);
    }

    /// <summary>Describes a name in the folder.</summary>
    public NameState StateOf(string name) => LinuxFile.NameStateOf(Descriptor, name, PathOf(name));

    /// <summary>Removes a file or link.</summary>
    /// <returns>False if the name is missing or a folder.</returns>
    public bool RemoveFile(string name)
    {
        if (unlinkat(Descriptor, LinuxFile.Terminated(name), 0) == 0)
            return true;
        var error = Marshal.GetLastWin32Error();
        return error is NoEntry or IsAFolder ? false : throw LinuxFile.Failure(PathOf(name), error);
    }

    /// <summary>Makes the names in the folder durable, if the file system can.</summary>
    public void Flush() => WhileReadable(descriptor => PosixFileSystem.Flush(descriptor, Path));

    /// <summary>Sets the permission bits of the folder.</summary>
    public void SetPermissions(int permissions) =>
        WhileReadable(descriptor => LinuxFile.SetPermissions(Path, descriptor, permissions));

    // The folder's own descriptor is only good for calls that take a name.
    private void WhileReadable(Action<int> use)
    {
        var descriptor = openat(Descriptor, LinuxFile.Terminated("."), FolderOnly | CloseOnExec, 0);
        if (descriptor < 0)
            throw LinuxFile.Failure(Path, Marshal.GetLastWin32Error());
        try
        {
            use(descriptor);
        }
        finally
        {
            LinuxFile.Close(descriptor);
        }
    }

    /// <summary>Removes an empty folder. Does nothing if the name is missing.</summary>
    /// <exception cref="IOException">The folder is not empty.</exception>
    public void RemoveFolder(string name)
    {
        if (unlinkat(Descriptor, LinuxFile.Terminated(name), RemoveEmptyFolder) != 0)
        {
            var error = Marshal.GetLastWin32Error();
            if (error != NoEntry)
                throw LinuxFile.Failure(PathOf(name), error);
        }
    }

    /// <summary>Renames a file within the folder, replacing an existing file or link.</summary>
    public void Rename(string from, string to)
    {
        if (renameat(Descriptor, LinuxFile.Terminated(from), Descriptor, LinuxFile.Terminated(to)) != 0)
            throw LinuxFile.Failure(PathOf(to), Marshal.GetLastWin32Error());
    }

    /// <summary>Creates a file without a name (O_TMPFILE), which is deleted when it is closed, unless it was named.</summary>
    /// <returns>Descriptor that the caller closes, open for reading and writing; negative if the file system can't.</returns>
    public int TryCreateUnnamed() =>
        openat(
            Descriptor,
            LinuxFile.Terminated("."),
            WithoutName | FolderOnly | ReadWrite | CloseOnExec,
            LinuxFile.ReadAndWriteForAll
        );

    /// <summary>Gives an unnamed file a name.</summary>
    /// <returns>False if the name exists, or the file system can't.</returns>
    public bool TryName(int descriptor, string name)
    {
        var unnamed = LinuxFile.Terminated(LinuxFile.PathOf(descriptor));
        return linkat(LinuxFile.CurrentFolder, unnamed, Descriptor, LinuxFile.Terminated(name), FollowLink) == 0;
    }

    /// <summary>Lists the names in the folder, and whether each is a folder or a link to one.</summary>
    public List<ListedName> Content() => [.. FolderContent.Of(OwnPath)];

    /// <summary>Lists the names in the folder.</summary>
    public List<string> Names() => FolderContent.NamesIn(OwnPath);

    /// <summary>Returns the attributes of a name, links not followed; -1 if it is missing.</summary>
    public FileAttributes AttributesOf(string name) =>
        StateOf(name).Kind switch
        {
            NameKind.Missing => (FileAttributes)(-1),
            NameKind.Folder => FileAttributes.Directory,
            NameKind.Link => FileAttributes.ReparsePoint,
            _ => FileAttributes.Normal,
        };

    /// <summary>Returns the path of a name in the folder; for messages.</summary>
    public string PathOf(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _descriptor, -1) is >= 0 and var descriptor)
            LinuxFile.Close(descriptor);
    }

    private static int Flags => PathOnly | FolderOnly | CloseOnExec;

    /// <summary>Path that refers to the folder itself, even if the path by which it was opened is replaced.</summary>
    public string OwnPath => LinuxFile.PathOf(Descriptor);

    [DllImport("libc", SetLastError = true)]
    private static extern int openat(int folder, byte[] path, int flags, uint mode);

    [DllImport("libc", SetLastError = true)]
    private static extern IntPtr syscall(IntPtr number, IntPtr folder, byte[] path, ref OpenHow how, IntPtr size);

    [DllImport("libc", SetLastError = true)]
    private static extern int mkdirat(int folder, byte[] path, uint mode);

    [DllImport("libc", SetLastError = true)]
    private static extern int unlinkat(int folder, byte[] path, int flags);

    [DllImport("libc", SetLastError = true)]
    private static extern int linkat(int oldFolder, byte[] oldName, int newFolder, byte[] newName, int flags);

    [DllImport("libc", SetLastError = true)]
    private static extern int renameat(int oldFolder, byte[] oldName, int newFolder, byte[] newName);

    [StructLayout(LayoutKind.Sequential)]
    private struct OpenHow
    {
        public ulong Flags;
        public ulong Mode;
        public ulong Resolve;
    }
}
