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

    [DllImport("kernel32", SetLastError = true, CharSet = CharSet.Unicode)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static extern bool MoveFileExW(string from, string to, int flags);
}
