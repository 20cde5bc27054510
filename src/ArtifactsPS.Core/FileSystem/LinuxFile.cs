using System.ComponentModel;
using System.Runtime.InteropServices;

namespace ArtifactsPS.Core.FileSystem;

/// <summary>
/// File access by system calls. .NET doubles the number of calls for each file it opens (fstat, flock, lseek, fstatfs),
/// which is significant for a hundred thousand files. statx(2) returns change time, inode and kind, which .NET doesn't,
/// in one layout on every architecture.
/// </summary>
internal static class LinuxFile
{
    /// <summary>Folder descriptor for full paths (AT_FDCWD).</summary>
    public const int CurrentFolder = -100;

    private const int NoFollow = 0x100;
    private const int AtEmptyPath = 0x1000;
    private const uint BasicStats = 0x7ff;
    private const int KindMask = 0xf000;
    private const int RegularFile = 0x8000;
    private const int Folder = 0x4000;
    private const int SymbolicLink = 0xa000;
    private const int PermissionMask = 0xfff;

    private const ulong MountRoot = 0x2000;

    private const int WriteOnly = 1;
    private const int Create = 0x40;
    private const int Exclusive = 0x80;
    private const int NonBlocking = 0x800;
    internal const int CloseOnExec = 0x80000;
    internal const uint ReadAndWriteForAll = 0x1b6;

    private const int NotPermitted = 1;
    private const int NoEntry = 2;
    private const int Interrupted = 4;
    private const int WouldBlock = 11;
    private const int AccessDenied = 13;
    private const int NotAFolder = 20;
    private const int NameTooLong = 36;
    private const int TooManyLinks = 40;

    private static readonly byte[] Nothing = [0];

    /// <summary>Whether the system is a Linux that has these calls.</summary>
    public static bool IsSupported { get; } = Probe();

    /// <summary>Reads the state of a file, links followed.</summary>
    public static FileState StateOf(string path) =>
        statx(CurrentFolder, Terminated(path), 0, BasicStats, out var stat) == 0
            ? StateOf(path, stat, CurrentFolder)
            : throw Failure(path, Marshal.GetLastWin32Error());

    /// <summary>Whether a path certainly does not exist. Much faster than catching an exception.</summary>
    public static bool IsMissing(string path) =>
        IsSupported
        && statx(CurrentFolder, Terminated(path), 0, BasicStats, out _) != 0
        && Marshal.GetLastWin32Error() is (NoEntry or NotAFolder or NameTooLong);

    /// <summary>Whether a path is a folder, links followed.</summary>
    public static bool IsFolder(string path) =>
        statx(CurrentFolder, Terminated(path), 0, BasicStats, out var stat) == 0 && (stat.Mode & KindMask) == Folder;

    /// <summary>Device and inode of a file or folder, links followed.</summary>
    /// <exception cref="IOException">It does not exist, or can't be accessed.</exception>
    public static (ulong Device, ulong Inode) IdentityOf(string path) =>
        statx(CurrentFolder, Terminated(path), 0, BasicStats, out var stat) == 0
            ? (stat.Device, stat.Inode)
            : throw FolderFailure(path, Marshal.GetLastWin32Error());

    /// <summary>Describes a name in a folder, links not followed.</summary>
    /// <param name="folder">Descriptor of the folder.</param>
    /// <param name="name">The name.</param>
    /// <param name="path">Path for messages.</param>
    public static NameState NameStateOf(int folder, string name, string path)
    {
        if (statx(folder, Terminated(name), NoFollow, BasicStats, out var stat) == 0)
            return new NameState(
                (stat.Mode & KindMask) switch
                {
                    RegularFile => NameKind.File,
                    Folder => NameKind.Folder,
                    SymbolicLink => NameKind.Link,
                    _ => NameKind.Special,
                },
                StateOf(stat),
                stat.Owner,
                stat.Device,
                (stat.Attributes & MountRoot) != 0
            );
        var error = Marshal.GetLastWin32Error();
        return error is NoEntry or NotAFolder ? default : throw Failure(path, error);
    }

    /// <summary>User id of this process.</summary>
    public static uint UserId { get; } = IsSupported ? geteuid() : 0;

    /// <summary>Reads the state of a file in a folder, links not followed.</summary>
    /// <returns>Null if the name is not a regular file.</returns>
    public static FileState? StateOf(int folder, string name) =>
        statx(folder, Terminated(name), NoFollow, BasicStats, out var stat) == 0 && IsFile(stat)
            ? StateOf(name, stat, folder)
            : null;

    /// <summary>Reads the state of an open file.</summary>
    public static FileState StateOf(string path, int descriptor) =>
        statx(descriptor, Nothing, AtEmptyPath, BasicStats, out var stat) == 0
            ? StateOf(path, stat, descriptor)
            : throw Failure(path, Marshal.GetLastWin32Error());

    /// <summary>Permission bits of an open file; 0 if they can't be read.</summary>
    public static int PermissionsOf(int descriptor) =>
        statx(descriptor, Nothing, AtEmptyPath, BasicStats, out var stat) == 0 ? stat.Mode & PermissionMask : 0;

    /// <summary>Opens a file for reading. A pipe is opened as well, without waiting for a writer.</summary>
    /// <returns>Descriptor that the caller closes.</returns>
    public static int OpenRead(string path) => Open(CurrentFolder, path, path, 0);

    /// <summary>Opens a file in a folder for reading. Fails for a link.</summary>
    /// <param name="folder">Descriptor of the folder.</param>
    /// <param name="name">Name in the folder.</param>
    /// <param name="path">Path for messages.</param>
    /// <returns>Descriptor that the caller closes.</returns>
    public static int OpenRead(int folder, string name, string path) => Open(folder, name, path, LinuxFolder.NoFollow);

    /// <summary>Opens a name in a folder for reading. Fails for a link.</summary>
    /// <returns>Descriptor that the caller closes; negative if the name can't be opened.</returns>
    public static int TryOpenRead(int folder, string name) =>
        openat(folder, Terminated(name), LinuxFolder.NoFollow | NonBlocking | CloseOnExec, 0);

    /// <summary>Creates a file in a folder and opens it for writing. Fails if the name exists.</summary>
    /// <inheritdoc cref="OpenRead(int, string, string)"/>
    public static int OpenNew(int folder, string name, string path)
    {
        const int Flags = WriteOnly | Create | Exclusive | CloseOnExec;
        var descriptor = openat(folder, Terminated(name), Flags, ReadAndWriteForAll);
        return descriptor >= 0 ? descriptor : throw Failure(path, Marshal.GetLastWin32Error());
    }

    /// <summary>Path that refers to an open file or folder itself, even if the path by which it was opened is replaced.</summary>
    public static string PathOf(int descriptor) => FormattableString.Invariant($"/proc/self/fd/{descriptor}");

    /// <summary>Reads until the buffer is full or the file ends.</summary>
    /// <returns>Number of bytes read.</returns>
    public static unsafe int Read(string path, int descriptor, byte[] buffer, int offset, int count)
    {
        var total = 0;
        fixed (byte* start = buffer)
            while (total < count)
            {
                var done = (int)read(descriptor, start + offset + total, (IntPtr)(count - total));
                if (done == 0)
                    break;
                if (done > 0)
                    total += done;
                else if (Marshal.GetLastWin32Error() is not Interrupted and var error)
                    throw Failure(path, error);
            }
        return total;
    }

    /// <summary>Continues reading at the start of the file.</summary>
    public static void Seek(string path, int descriptor, long position)
    {
        if (lseek(descriptor, position, 0) != position)
            throw Failure(path, Marshal.GetLastWin32Error());
    }

    /// <summary>Writes all bytes to an open file.</summary>
    public static unsafe void Write(string path, int descriptor, ArraySegment<byte> bytes)
    {
        var total = 0;
        fixed (byte* start = bytes.Array)
            while (total < bytes.Count)
            {
                var done = (int)write(descriptor, start + bytes.Offset + total, (IntPtr)(bytes.Count - total));
                if (done >= 0)
                    total += done;
                else if (Marshal.GetLastWin32Error() is not Interrupted and var error)
                    throw Failure(path, error);
            }
    }

    /// <summary>Creates a file. Fails if it exists.</summary>
    public static void WriteNew(string path, ArraySegment<byte> bytes)
    {
        var descriptor = OpenNew(CurrentFolder, path, path);
        try
        {
            Write(path, descriptor, bytes);
        }
        finally
        {
            Close(descriptor);
        }
    }

    /// <summary>Sets the permission bits of an open file.</summary>
    public static void SetPermissions(string path, int descriptor, int permissions)
    {
        if (fchmod(descriptor, (uint)permissions) != 0)
            throw Failure(path, Marshal.GetLastWin32Error());
    }

    /// <summary>Renames a file, replacing an existing file.</summary>
    public static void Rename(string from, string to)
    {
        if (rename(Terminated(from), Terminated(to)) != 0)
            throw Failure(to, Marshal.GetLastWin32Error());
    }

    /// <summary>Whether another process has locked an open file with flock(2).</summary>
    public static bool IsLocked(int descriptor)
    {
        const int SharedWithoutWaiting = 1 | 4;
        return flock(descriptor, SharedWithoutWaiting) != 0 && Marshal.GetLastWin32Error() == WouldBlock;
    }

    /// <summary>Locks an open file or folder exclusively with flock(2) until it is closed.</summary>
    /// <returns>False if another process has locked it, or the file system doesn't support locks.</returns>
    public static bool TryLock(int descriptor) => TryLock(descriptor, out _);

    /// <inheritdoc cref="TryLock(int)"/>
    /// <param name="isHeld">Whether another process, or another open of this one, has the lock.</param>
    public static bool TryLock(int descriptor, out bool isHeld)
    {
        const int ExclusiveWithoutWaiting = 2 | 4;
        var isLocked = flock(descriptor, ExclusiveWithoutWaiting) == 0;
        isHeld = !isLocked && Marshal.GetLastWin32Error() == WouldBlock;
        return isLocked;
    }

    public static void Close(int descriptor) => _ = close(descriptor);

    private static bool IsFile(in Stat stat) => (stat.Mode & KindMask) == RegularFile;

    private static FileState StateOf(in Stat stat) =>
        new(
            stat.Size,
            stat.ModifiedSeconds * 1_000_000_000 + stat.ModifiedNanoseconds,
            stat.ChangedSeconds * 1_000_000_000 + stat.ChangedNanoseconds,
            stat.Inode,
            stat.Mode & PermissionMask
        );

    // The descriptor is the file or a folder on the way to it.
    private static FileState StateOf(string path, in Stat stat, int descriptor) =>
        IsFile(stat)
            ? StateOf(stat) is var state && LinuxChangeTimes.AreReliable(stat.Device, descriptor, path)
                ? state
                : state with
                {
                    Changed = 0,
                    LacksExecutableBit = !ExecutableBits.AreKept(stat.Device, descriptor, path),
                }
            : throw new IOException(
                (stat.Mode & KindMask) == Folder
                    ? $"'{path}' is a folder, not a file."
                    : $"'{path}' is not a regular file (a pipe, socket or device)."
            );

    private static int Open(int folder, string name, string path, int flags)
    {
        var descriptor = openat(folder, Terminated(name), flags | NonBlocking | CloseOnExec, 0);
        return descriptor >= 0 ? descriptor : throw Failure(path, Marshal.GetLastWin32Error());
    }

    /// <summary>Creates the exception for a system error.</summary>
    internal static Exception Failure(string path, int error) =>
        error switch
        {
            NoEntry when (int)new FileInfo(path).Attributes != -1 => new FileNotFoundException(
                $"Broken symbolic link '{path}'. Fix it, or leave it out: Add-ArtifactDirectory has -Exclude and -SkipBrokenLink.",
                path
            ),
            // .NET and PowerShell replace bytes of a name that are not UTF-8.
            NoEntry when path.IndexOf('\uFFFD') >= 0 => new FileNotFoundException(
                $"There is no file '{path}'. A file whose name is not valid UTF-8 can't be added. Rename it.",
                path
            ),
            NoEntry or NotAFolder => new FileNotFoundException($"There is no file '{path}'.", path),
            TooManyLinks => new FileNotFoundException(
                $"The symbolic link '{path}' refers to itself. Fix it, or leave it out: Add-ArtifactDirectory has -Exclude and -SkipBrokenLink.",
                path
            ),
            AccessDenied or NotPermitted => new UnauthorizedAccessException($"Access to '{path}' is denied."),
            // With the number that .NET uses, so that a full disk is recognized.
            _ => new IOException($"'{path}': {new Win32Exception(error).Message}", error),
        };

    /// <summary>Creates the exception for a system error of a folder.</summary>
    internal static Exception FolderFailure(string path, int error) =>
        error switch
        {
            NoEntry => new DirectoryNotFoundException($"The folder '{path}' does not exist."),
            NotAFolder => new IOException($"'{path}' is not a folder."),
            AccessDenied or NotPermitted => new UnauthorizedAccessException(
                $"Access to the folder '{path}' is denied."
            ),
            _ => new IOException($"'{path}': {new Win32Exception(error).Message}", error),
        };

    private static bool Probe()
    {
        if (!RuntimeInformation.IsOSPlatform(OSPlatform.Linux))
            return false;
        try
        {
            return statx(CurrentFolder, Terminated("/"), 0, BasicStats, out _) == 0;
        }
        catch (EntryPointNotFoundException)
        {
            return false;
        }
    }

    internal static byte[] Terminated(string path) => LinuxFileName.Encode(path);

    [DllImport("libc", SetLastError = true)]
    private static extern int statx(int folder, byte[] path, int flags, uint mask, out Stat stat);

    [DllImport("libc", SetLastError = true)]
    private static extern int openat(int folder, byte[] path, int flags, uint mode);

    [DllImport("libc", SetLastError = true)]
    private static extern unsafe IntPtr read(int descriptor, byte* buffer, IntPtr count);

    [DllImport("libc", SetLastError = true)]
    private static extern unsafe IntPtr write(int descriptor, byte* buffer, IntPtr count);

    [DllImport("libc", SetLastError = true)]
    private static extern long lseek(int descriptor, long offset, int origin);

    [DllImport("libc", SetLastError = true)]
    private static extern int rename(byte[] from, byte[] to);

    [DllImport("libc", SetLastError = true)]
    private static extern int fchmod(int descriptor, uint mode);

    [DllImport("libc")]
    private static extern uint geteuid();

    [DllImport("libc", SetLastError = true)]
    private static extern int flock(int descriptor, int operation);

    [DllImport("libc", SetLastError = true)]
    private static extern int close(int descriptor);

    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private readonly struct Stat
    {
        [FieldOffset(8)]
        public readonly ulong Attributes;

        [FieldOffset(20)]
        public readonly uint Owner;

        [FieldOffset(28)]
        public readonly ushort Mode;

        [FieldOffset(32)]
        public readonly ulong Inode;

        [FieldOffset(40)]
        public readonly long Size;

        [FieldOffset(96)]
        public readonly long ChangedSeconds;

        [FieldOffset(104)]
        public readonly uint ChangedNanoseconds;

        [FieldOffset(136)]
        public readonly ulong Device;

        [FieldOffset(112)]
        public readonly long ModifiedSeconds;

        [FieldOffset(120)]
        public readonly uint ModifiedNanoseconds;
    }
}
