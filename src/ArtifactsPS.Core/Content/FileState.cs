using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Text;

namespace ArtifactsPS.Content;

/// <summary>
/// What a file system says of a file, links followed. Equal before and after reading, the file was not changed
/// meanwhile. The times have the file system's own resolution (ns since 1970); where there is no change time or file
/// id to be had, they are 0.
/// </summary>
/// <param name="Size">In bytes.</param>
/// <param name="Modified">When the content changed (ns since 1970; can be set by anyone).</param>
/// <param name="Changed">When content or attributes changed (ns since 1970; set by the system alone).</param>
/// <param name="FileId">The inode.</param>
/// <param name="Permissions">As chmod(2) has them; 0 on Windows.</param>
public readonly record struct FileState(long Size, long Modified, long Changed, ulong FileId, int Permissions)
{
    private const int OwnerMayRun = 0x40;

    private const long UnixEpochTicks = 621355968000000000;

    /// <summary>Whether the owner may run it; always false on Windows.</summary>
    public bool Executable => (Permissions & OwnerMayRun) != 0;

    /// <summary>Looks at a file.</summary>
    /// <exception cref="FileNotFoundException">There is none, or a link leads nowhere.</exception>
    /// <exception cref="IOException">It is not a regular file.</exception>
    public static FileState Of(string path) => LinuxStat.IsSupported ? LinuxStat.Of(path) : Portable(path);

    private static FileState Portable(string path)
    {
        var file = new FileInfo(path);
#if NET
        if (file.ResolveLinkTarget(returnFinalTarget: true) is { } target)
            file = new FileInfo(target.FullName);
#endif
        if (!file.Exists)
            throw new FileNotFoundException($"There is no file '{path}'.", path);
        var permissions = 0;
#if NET
        if (!OperatingSystem.IsWindows())
            permissions = (int)file.UnixFileMode;
#endif
        return new FileState(file.Length, (file.LastWriteTimeUtc.Ticks - UnixEpochTicks) * 100, 0, 0, permissions);
    }

    /// <summary>statx(2): one layout on every architecture, and what .NET doesn't tell (change time, inode, kind).</summary>
    private static class LinuxStat
    {
        private const int AtCurrentFolder = -100;
        private const uint BasicStats = 0x7ff;
        private const int KindMask = 0xf000;
        private const int RegularFile = 0x8000;
        private const int Folder = 0x4000;
        private const int PermissionMask = 0xfff;
        private const int NoEntry = 2;
        private const int AccessDenied = 13;
        private const int NotAFolder = 20;
        private const int TooManyLinks = 40;

        public static bool IsSupported { get; } = Probe();

        public static FileState Of(string path)
        {
            if (statx(AtCurrentFolder, Terminated(path), 0, BasicStats, out var stat) != 0)
                throw Failure(path, Marshal.GetLastWin32Error());
            if ((stat.Mode & KindMask) != RegularFile)
                throw new IOException(
                    (stat.Mode & KindMask) == Folder
                        ? $"'{path}' is a folder, not a file."
                        : $"'{path}' is not a regular file (a pipe, socket or device)."
                );
            return new FileState(
                stat.Size,
                stat.ModifiedSeconds * 1_000_000_000 + stat.ModifiedNanoseconds,
                stat.ChangedSeconds * 1_000_000_000 + stat.ChangedNanoseconds,
                stat.Inode,
                stat.Mode & PermissionMask
            );
        }

        private static Exception Failure(string path, int error) =>
            error switch
            {
                NoEntry when (int)new FileInfo(path).Attributes != -1 => new FileNotFoundException(
                    $"The link '{path}' leads to nothing.",
                    path
                ),
                NoEntry or NotAFolder => new FileNotFoundException($"There is no file '{path}'.", path),
                TooManyLinks => new FileNotFoundException($"The link '{path}' leads to itself.", path),
                AccessDenied => new UnauthorizedAccessException($"Access to '{path}' is denied."),
                _ => new IOException($"'{path}': {new Win32Exception(error).Message}", error),
            };

        private static bool Probe()
        {
            if (!RuntimeInformation.IsOSPlatform(OSPlatform.Linux))
                return false;
            try
            {
                return statx(AtCurrentFolder, Terminated("/"), 0, BasicStats, out _) == 0;
            }
            catch (EntryPointNotFoundException)
            {
                return false;
            }
        }

        private static byte[] Terminated(string path)
        {
            var bytes = new byte[Encoding.UTF8.GetMaxByteCount(path.Length) + 1];
            Encoding.UTF8.GetBytes(path, 0, path.Length, bytes, 0);
            return bytes;
        }

        [DllImport("libc", SetLastError = true)]
        private static extern int statx(int folder, byte[] path, int flags, uint mask, out Stat stat);

        [StructLayout(LayoutKind.Explicit, Size = 256)]
        private struct Stat
        {
            [FieldOffset(28)]
            public ushort Mode;

            [FieldOffset(32)]
            public ulong Inode;

            [FieldOffset(40)]
            public long Size;

            [FieldOffset(96)]
            public long ChangedSeconds;

            [FieldOffset(104)]
            public uint ChangedNanoseconds;

            [FieldOffset(112)]
            public long ModifiedSeconds;

            [FieldOffset(120)]
            public uint ModifiedNanoseconds;
        }
    }
}

/// <summary>A file was written to while it was being read, so what was read is no state it ever had.</summary>
public sealed class FileChangedWhileReadingException(string path)
    : ArtifactsException($"'{path}' changed while it was being read. Add it again when nothing writes to it.", path);
