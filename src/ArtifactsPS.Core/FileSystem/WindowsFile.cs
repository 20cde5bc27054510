using System.ComponentModel;
using System.Runtime.InteropServices;

namespace ArtifactsPS.Core.FileSystem;

/// <summary>Calls of Windows that one of the target frameworks lacks.</summary>
internal static class WindowsFile
{
    private const int ReplaceExisting = 1;
    private const int WriteThrough = 8;
    private const int FileNotFound = 2;
    private const int PathNotFound = 3;
    private const uint ReparsePoint = 0x400;
    private const uint NameSurrogate = 0x20000000;
    private static readonly IntPtr InvalidHandle = new(-1);

    /// <summary>Renames a file, replacing an existing one, and waits until the name is on the medium.</summary>
    /// <returns>False if the file is missing.</returns>
    public static bool TryMove(string from, string to)
    {
        // A read-only file can't be replaced.
        if (File.Exists(to))
            File.SetAttributes(to, FileAttributes.Normal);
        var isMoved = MoveFileExW(from, to, ReplaceExisting | WriteThrough);
        var error = isMoved ? 0 : Marshal.GetLastWin32Error();
        if (File.Exists(to))
            File.SetAttributes(to, FileAttributes.ReadOnly);
        return isMoved
            || (
                error is FileNotFound or PathNotFound
                    ? false
                    : throw new IOException(
                        $"'{to}' could not be created: {new Win32Exception(error).Message}",
                        unchecked((int)0x80070000 | error)
                    )
            );
    }

    /// <summary>Whether a path is a symbolic link or junction. Other reparse points, of deduplicated files or files in a
    /// cloud, are not links.</summary>
    public static bool IsLink(string path)
    {
        var search = FindFirstFileW(path, out var found);
        if (search == InvalidHandle)
            return false;
        _ = FindClose(search);
        return (found.Attributes & ReparsePoint) != 0 && (found.ReparseTag & NameSurrogate) != 0;
    }

    [DllImport("kernel32", SetLastError = true, CharSet = CharSet.Unicode)]
    private static extern IntPtr FindFirstFileW(string path, out FoundFile found);

    [DllImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static extern bool FindClose(IntPtr search);

    // WIN32_FIND_DATAW.
    [StructLayout(LayoutKind.Explicit, Size = 592)]
    private struct FoundFile
    {
        [FieldOffset(0)]
        public uint Attributes;

        [FieldOffset(36)]
        public uint ReparseTag;
    }

    [DllImport("kernel32", SetLastError = true, CharSet = CharSet.Unicode)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static extern bool MoveFileExW(string from, string to, int flags);
}
