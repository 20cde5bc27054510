using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace ArtifactsPS.Core.FileSystem;

/// <summary>
/// Identity of a folder: device and inode on Linux, elsewhere its final path. Equal identities mean the same folder, whether it is
/// reached by a link, a bind mount, another case, a short name (8.3) or a path with <c>\\?\</c>.
/// </summary>
internal static class FolderIdentity
{
    /// <exception cref="IOException">The folder can't be accessed.</exception>
    /// <exception cref="UnauthorizedAccessException">Access to the folder is denied.</exception>
    public static string Of(string path) =>
        LinuxFile.IsSupported && LinuxFile.IdentityOf(path) is var (device, inode)
            ? FormattableString.Invariant($"{device:x}:{inode:x}")
            : WithoutSeparator(FinalPath(path));

    /// <summary>Returns the identity of a folder; null if it doesn't exist or can't be accessed.</summary>
    public static string? TryOf(string path)
    {
        try
        {
            return Of(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            // A path that can't be accessed is not known.
            return null;
        }
    }

    /// <summary>Lists an existing folder and all folders above it up to the root, links resolved.</summary>
    /// <returns>A path and the identity of each, innermost first.</returns>
    public static IEnumerable<(string Path, string Identity)> Ancestors(string path)
    {
        if (!LinuxFile.IsSupported)
        {
            foreach (var at in FinalAncestors(FinalPath(path)))
                yield return (at, WithoutSeparator(at));
            yield break;
        }
        // The kernel resolves the parent of a folder, not of the text by which it was reached.
        for (string? last = null; Of(path) is var identity && identity != last; last = identity)
        {
            yield return (path, identity);
            path += "/..";
        }
    }

    private static string FinalPath(string path) =>
        RuntimeInformation.IsOSPlatform(OSPlatform.Windows) ? Windows.Of(path) : Unix.Of(path);

    // The roots of drives and shares may end in one.
    private static string WithoutSeparator(string path) => path.Length > 1 ? path.TrimEnd('\\') : path;

    private static IEnumerable<string> FinalAncestors(string path)
    {
        if (RuntimeInformation.IsOSPlatform(OSPlatform.Windows))
            return LongPath.WithAncestors(path);
        var ancestors = new List<string>();
        for (string? at = path; at is { Length: > 0 }; at = Path.GetDirectoryName(at))
            ancestors.Add(at);
        return ancestors;
    }

    private static class Unix
    {
        public static string Of(string path)
        {
            var resolved = realpath(path, IntPtr.Zero);
            if (resolved == IntPtr.Zero)
                throw Failure(path);
            try
            {
                var length = 0;
                while (Marshal.ReadByte(resolved, length) != 0)
                    length++;
                var bytes = new byte[length];
                Marshal.Copy(resolved, bytes, 0, length);
                return Encoding.UTF8.GetString(bytes);
            }
            finally
            {
                free(resolved);
            }
        }

        [DllImport("libc", SetLastError = true)]
        private static extern IntPtr realpath(string path, IntPtr resolved);

        [DllImport("libc")]
        private static extern void free(IntPtr memory);
    }

    private static class Windows
    {
        private const int ShareAll = 7;
        private const int OpenExisting = 3;
        private const int BackupSemantics = 0x02000000;

        public static string Of(string path)
        {
            using var folder = CreateFileW(
                LongPath.Extended(path),
                0,
                ShareAll,
                IntPtr.Zero,
                OpenExisting,
                BackupSemantics,
                IntPtr.Zero
            );
            if (folder.IsInvalid)
                throw Failure(path);
            var text = new StringBuilder(32768);
            return GetFinalPathNameByHandleW(folder, text, text.Capacity, 0) > 0
                ? text.ToString()
                : throw Failure(path);
        }

        [DllImport("kernel32", SetLastError = true, CharSet = CharSet.Unicode)]
        private static extern SafeFileHandle CreateFileW(
            string path,
            int access,
            int share,
            IntPtr security,
            int disposition,
            int flags,
            IntPtr template
        );

        [DllImport("kernel32", SetLastError = true, CharSet = CharSet.Unicode)]
        private static extern int GetFinalPathNameByHandleW(
            SafeFileHandle file,
            StringBuilder path,
            int length,
            int flags
        );
    }

    private static IOException Failure(string path)
    {
        var error = Marshal.GetLastWin32Error();
        return new IOException($"'{path}': {new Win32Exception(error).Message}", error);
    }
}
