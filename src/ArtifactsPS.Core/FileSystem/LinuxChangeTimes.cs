using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace ArtifactsPS.Core.FileSystem;

/// <summary>Decides where an unchanged change time (ctime) proves that a file is unchanged.</summary>
/// <remarks>
/// A server or a program in user space may report any time: sshfs reports the modification time, which everybody can set. So
/// only kernel file systems on this machine are trusted. There, each write(2) sets the change time.
/// <para>A file that is mapped for writing is different. A page gets the change time when it is first written after it was
/// clean. Later writes to the same page leave no trace until the kernel has written it back. The kernel grants a read lease
/// only if no process has the file open or mapped for writing. After that, each change needs a new open, which leaves a
/// new change time.</para>
/// <para>A lease needs a file of one's own. Other files are trusted when they are so old that their pages were written back.
/// One case remains: a file of another user that stays mapped, on a system that writes back later than its settings
/// say.</para>
/// </remarks>
internal static class LinuxChangeTimes
{
    private const int GetLease = 1024;
    private const int SetSignal = 10;
    private const int ReadLock = 0;
    private const int Unlock = 2;

    // Ignored by default. SIGIO would end the process if another one opened the file at this moment.
    private const int UrgentSignal = 23;
    private const int TryAgain = 11;

    private const long Overlay = 0x794c7630;
    private const long Memory = 0x01021994;

    // ext2 to ext4, XFS, Btrfs, F2FS, bcachefs, ZFS, JFS, NILFS, SquashFS, EROFS; see statfs(2).
    private static readonly HashSet<long> OnDisk =
    [
        0xef53,
        0x58465342,
        0x9123683e,
        0xf2f52010,
        0xca451a4e,
        0x2fc12fc1,
        0x3153464a,
        0x3434,
        0x73717368,
        0xe0f5e1e2,
    ];

    // The number of a file system may be used again after it was unmounted.
    private static readonly TimeSpan KnownFor = TimeSpan.FromSeconds(1);
    private static readonly ConcurrentDictionary<ulong, (long Type, long Time)> Types = new();
    private static readonly Lazy<TimeSpan> WriteBack = new(ReadWriteBack);

    /// <summary>Whether the file system of a file is one whose change times can be relied on.</summary>
    /// <param name="device">Number of the file system.</param>
    /// <param name="folder">Descriptor of the file, or of a folder on the path to it.</param>
    /// <param name="path">Path of the file, for a folder that is no descriptor.</param>
    public static bool AreReliable(ulong device, int folder, string path) => IsReliable(TypeOf(device, folder, path));

    /// <summary>Whether all later changes of an open file will set its change time.</summary>
    /// <param name="descriptor">Descriptor of the file, open for reading.</param>
    /// <param name="state">Current state of the file.</param>
    public static bool WillShowChanges(int descriptor, FileState state)
    {
        if (state.Changed == 0)
            return false;
        // Own descriptors are not in the cache of file systems.
        var type = TryGetType(descriptor);
        if (!IsReliable(type))
            return false;
        var isWrittenBack = type != Memory && state.Age > WriteBack.Value;
        // An overlay doesn't know who has mapped the file below.
        return HasNoWriter(descriptor) is { } hasNone ? hasNone && (type != Overlay || isWrittenBack) : isWrittenBack;
    }

    /// <summary>Whether no process has a file open or mapped for writing; null if this user can't find out.</summary>
    private static bool? HasNoWriter(int descriptor)
    {
        if (fcntl(descriptor, SetSignal, UrgentSignal) != 0)
            return null;
        if (fcntl(descriptor, GetLease, ReadLock) == 0)
        {
            _ = fcntl(descriptor, GetLease, Unlock);
            return true;
        }
        return Marshal.GetLastWin32Error() == TryAgain ? false : null;
    }

    /// <summary>Whether the file system of a file is one of Linux, which keeps executable bits.</summary>
    /// <inheritdoc cref="AreReliable"/>
    public static bool IsNative(ulong device, int folder, string path) => IsReliable(TypeOf(device, folder, path));

    private static bool IsReliable(long type) => type is Overlay or Memory || OnDisk.Contains(type);

    private static long TypeOf(ulong device, int folder, string path)
    {
        if (Types.TryGetValue(device, out var known) && Since(known.Time) < KnownFor)
            return known.Type;
        var type = folder == LinuxFile.CurrentFolder ? TryGetType(path) : TryGetType(folder);
        Types[device] = (type, Stopwatch.GetTimestamp());
        return type;
    }

    private static TimeSpan Since(long time) =>
        TimeSpan.FromSeconds((Stopwatch.GetTimestamp() - time) / (double)Stopwatch.Frequency);

    // 0 if the type can't be found out.
    private static long TryGetType(string path) =>
        statfs(LinuxFile.Terminated(path), out var found) == 0 ? found.Type & 0xffffffff : 0;

    private static long TryGetType(int descriptor) =>
        fstatfs(descriptor, out var found) == 0 ? found.Type & 0xffffffff : 0;

    // The kernel looks for old pages at an interval, and then writes those that are older than a limit.
    private static TimeSpan ReadWriteBack()
    {
        var (interval, age) = (Setting("dirty_writeback_centisecs"), Setting("dirty_expire_centisecs"));
        return interval > 0 && age > 0
            ? TimeSpan.FromMilliseconds(2 * 10.0 * (interval.Value + age.Value))
            : TimeSpan.MaxValue;

        static int? Setting(string name)
        {
            try
            {
                return int.TryParse(
                    File.ReadAllText("/proc/sys/vm/" + name).Trim(),
                    NumberStyles.None,
                    CultureInfo.InvariantCulture,
                    out var value
                )
                    ? value
                    : null;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return null;
            }
        }
    }

    [DllImport("libc", SetLastError = true)]
    private static extern int fcntl(int descriptor, int command, int argument);

    [DllImport("libc", SetLastError = true)]
    private static extern int statfs(byte[] path, out FileSystemState state);

    [DllImport("libc", SetLastError = true)]
    private static extern int fstatfs(int descriptor, out FileSystemState state);

    // The first field has the size of a word on each architecture of .NET except s390x, where it has half of it.
    [StructLayout(LayoutKind.Sequential, Size = 256)]
    private readonly struct FileSystemState
    {
        private readonly IntPtr _type;

        public long Type => (long)_type;
    }
}
