using System.ComponentModel;
using System.Runtime.InteropServices;

namespace ArtifactsPS.Core.FileSystem;

// Strings are passed to libc as UTF-8, the default of .NET on Unix.
/// <summary>POSIX calls that .NET lacks: create-if-absent by link, flushing a folder, early write-back.</summary>
internal static class PosixFileSystem
{
    private const int NoEntry = 2;
    private const int InputOutputError = 5;
    private const int AlreadyExists = 17;
    private const int NoSpace = 28;
    private const int QuotaExceeded = 122;
    private const int ReadOnlyAccess = 0;
    private const int AtCurrentFolder = -100;
    private const uint RenameNoReplace = 1;
    private const uint SyncFileRangeWrite = 2;

    /// <summary>
    /// Gives a complete file its final name if that name is free. .NET's File.Move checks before it renames, so several
    /// callers can succeed; link(2) and renameat2(RENAME_NOREPLACE) are atomic.
    /// </summary>
    /// <returns>False if the name exists.</returns>
    public static bool TryPlace(string staged, string target)
    {
        if (link(staged, target) == 0)
            return true;
        var error = Marshal.GetLastWin32Error();
        if (error == AlreadyExists)
            return false;
        if (error == NoEntry)
            throw new DirectoryNotFoundException(new Win32Exception(error).Message);

        // File systems without hard links (FAT, some network mounts).
        if (
            RuntimeInformation.IsOSPlatform(OSPlatform.Linux)
            && renameat2(AtCurrentFolder, staged, AtCurrentFolder, target, RenameNoReplace) == 0
        )
            return true;
        error = Marshal.GetLastWin32Error();
        if (error == AlreadyExists)
            return false;
        throw new IOException($"'{target}' could not be created: {new Win32Exception(error).Message}", error);
    }

    /// <summary>Gives a file a second name.</summary>
    /// <returns>False if the name exists, or the file system doesn't support it.</returns>
    public static bool TryLink(string existing, string name) => link(existing, name) == 0;

    /// <summary>Renames a file, replacing an existing one.</summary>
    /// <returns>False if the file is missing.</returns>
    public static bool TryRename(string from, string to)
    {
        if (rename(from, to) == 0)
            return true;
        var error = Marshal.GetLastWin32Error();
        return error == NoEntry
            ? false
            : throw new IOException($"'{to}' could not be created: {new Win32Exception(error).Message}", error);
    }

    /// <summary>Makes the names in a folder durable. Does nothing if the file system can't flush folders.</summary>
    /// <exception cref="IOException">The medium failed.</exception>
    public static void FlushFolder(string folder)
    {
        var descriptor = open(folder, ReadOnlyAccess);
        if (descriptor < 0)
            return;
        var error = fsync(descriptor) == 0 ? 0 : Marshal.GetLastWin32Error();
        _ = close(descriptor);
        CheckFlushed(folder, error);
    }

    /// <summary>Makes a file durable. .NET's FileStream.Flush(flushToDisk: true) ignores failures.</summary>
    /// <exception cref="IOException">The medium failed.</exception>
    public static void Flush(SafeHandle file, string path) =>
        CheckFlushed(path, fsync(file) == 0 ? 0 : Marshal.GetLastWin32Error());

    // Other errors mean that flushing is not supported there.
    private static void CheckFlushed(string path, int error)
    {
        if (error is InputOutputError or NoSpace or QuotaExceeded)
            throw new IOException($"'{path}' could not be flushed: {new Win32Exception(error).Message}", error);
    }

    /// <summary>Starts writing a range of a file to disk on Linux, so that flushing it later is fast.</summary>
    public static void BeginWriteBack(SafeHandle file, long offset, long length)
    {
        if (RuntimeInformation.IsOSPlatform(OSPlatform.Linux))
            _ = sync_file_range(file, offset, length, SyncFileRangeWrite);
    }

    [DllImport("libc", SetLastError = true)]
    private static extern int link(string existing, string name);

    [DllImport("libc", SetLastError = true)]
    private static extern int rename(string from, string to);

    [DllImport("libc", SetLastError = true)]
    private static extern int renameat2(int oldFolder, string oldName, int newFolder, string newName, uint flags);

    [DllImport("libc", SetLastError = true)]
    private static extern int open(string path, int flags);

    [DllImport("libc", SetLastError = true)]
    private static extern int fsync(int descriptor);

    [DllImport("libc", SetLastError = true)]
    private static extern int fsync(SafeHandle file);

    [DllImport("libc", SetLastError = true)]
    private static extern int close(int descriptor);

    [DllImport("libc", SetLastError = true)]
    private static extern int sync_file_range(SafeHandle file, long offset, long length, uint flags);
}
