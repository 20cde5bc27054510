using System.ComponentModel;
using System.Runtime.InteropServices;

namespace ArtifactsPS.Core.FileSystem;

// Strings are passed to libc as UTF-8, the default of .NET on Unix.
/// <summary>POSIX calls that .NET lacks: create-if-absent by link, renaming, flushing, early write-back.</summary>
internal static class PosixFileSystem
{
    private const int NotPermitted = 1;
    private const int NoEntry = 2;
    private const int AlreadyExists = 17;
    private const int OtherDevice = 18;
    private const int InvalidArgument = 22;
    private const int TooManyNames = 31;
    private const int ReadOnlyAccess = 0;
    private const uint RenameNoReplace = 1;
    private const uint SyncFileRangeWrite = 2;
    private const int FullSync = 51;

    // These differ between Linux and macOS.
    private static readonly bool OnLinux = RuntimeInformation.IsOSPlatform(OSPlatform.Linux);
    private static readonly int NoSuchCall = OnLinux ? 38 : 78;
    private static readonly int NotSupported = OnLinux ? 95 : 102;
    private static readonly int NotSupportedByFile = OnLinux ? 95 : 45;
    private static readonly int CurrentFolder = OnLinux ? LinuxFile.CurrentFolder : -2;

    private static readonly UnixFlush Flushing = new(
        descriptor => ErrorOf(fsync(descriptor)),
        // Without an argument: arm64 would look for it elsewhere.
        RuntimeInformation.IsOSPlatform(OSPlatform.OSX)
            ? descriptor => ErrorOf(fcntl(descriptor, FullSync))
            : null,
        IsNotSupported
    );

    /// <inheritdoc cref="TryPlace(int, string, int, string, string)"/>
    public static bool TryPlace(string staged, string target) =>
        TryPlace(CurrentFolder, staged, CurrentFolder, target, target);

    /// <summary>
    /// Gives a complete file its final name if that name is free. .NET's File.Move checks before it renames, so several
    /// callers can succeed; link(2) and renameat2(RENAME_NOREPLACE) are atomic.
    /// </summary>
    /// <param name="stagedFolder">Descriptor of the folder of the staged file.</param>
    /// <param name="staged">Name of the staged file. It may keep that name.</param>
    /// <param name="folder">Descriptor of the folder of the final name.</param>
    /// <param name="name">The final name.</param>
    /// <param name="path">Path of the final name; for messages.</param>
    /// <returns>False if the name exists.</returns>
    /// <exception cref="NotSupportedException">The file system can't decide which of several callers is first.</exception>
    public static bool TryPlace(int stagedFolder, string staged, int folder, string name, string path)
    {
        if (linkat(stagedFolder, staged, folder, name, 0) == 0)
            return true;
        var error = Marshal.GetLastWin32Error();
        if (error == AlreadyExists)
            return false;
        if (!HasNoLinks(error))
            throw Failure(path, error);
        // File systems without hard links (FAT, some network mounts).
        if (!OnLinux)
            throw new NotSupportedException(Describe(path, error));
        if (renameat2(stagedFolder, staged, folder, name, RenameNoReplace) == 0)
            return true;
        error = Marshal.GetLastWin32Error();
        if (error == AlreadyExists)
            return false;
        throw IsNotSupported(error) ? new NotSupportedException(Describe(path, error)) : Failure(path, error);
    }

    /// <summary>Gives a file a second name.</summary>
    /// <returns>False if the name exists, or this user or file system can't.</returns>
    public static bool TryLink(int folder, string existing, int newFolder, string name) =>
        linkat(folder, existing, newFolder, name, 0) == 0;

    /// <summary>Renames a file, replacing an existing one.</summary>
    /// <returns>False if the file is missing.</returns>
    public static bool TryRename(string from, string to) => TryRename(CurrentFolder, from, CurrentFolder, to, to);

    /// <inheritdoc cref="TryRename(string, string)"/>
    /// <param name="path">Path of the new name; for messages.</param>
    public static bool TryRename(int folder, string from, int newFolder, string to, string path)
    {
        if (renameat(folder, from, newFolder, to) == 0)
            return true;
        var error = Marshal.GetLastWin32Error();
        return error == NoEntry ? false : throw Failure(path, error);
    }

    /// <summary>Makes the names in a folder durable. Does nothing if the file system can't flush folders.</summary>
    /// <exception cref="IOException">The folder could not be flushed.</exception>
    public static void FlushFolder(string folder)
    {
        var descriptor = open(folder, ReadOnlyAccess);
        if (descriptor < 0)
            throw FlushFailure(folder, Marshal.GetLastWin32Error());
        try
        {
            Flush(descriptor, folder);
        }
        finally
        {
            _ = close(descriptor);
        }
    }

    /// <inheritdoc cref="FlushFolder"/>
    /// <param name="descriptor">Descriptor of the open folder.</param>
    /// <param name="path">Path for messages.</param>
    public static void Flush(int descriptor, string path)
    {
        if (Flushing.Run(descriptor) is not 0 and var error)
            throw FlushFailure(path, error);
    }

    /// <summary>Makes a file durable. .NET's FileStream.Flush(flushToDisk: true) ignores failures.</summary>
    /// <exception cref="IOException">The file could not be flushed.</exception>
    public static void Flush(SafeHandle file, string path)
    {
        var isHeld = false;
        try
        {
            file.DangerousAddRef(ref isHeld);
            Flush((int)file.DangerousGetHandle(), path);
        }
        finally
        {
            if (isHeld)
                file.DangerousRelease();
        }
    }

    /// <summary>Starts writing a range of a file to disk on Linux, so that flushing it later is fast.</summary>
    public static void BeginWriteBack(SafeHandle file, long offset, long length)
    {
        if (OnLinux)
            _ = sync_file_range(file, offset, length, SyncFileRangeWrite);
    }

    private static int ErrorOf(int result) => result == -1 ? Marshal.GetLastWin32Error() : 0;

    // The errors by which a file system says that it doesn't have a call at all.
    private static bool IsNotSupported(int error) =>
        error == InvalidArgument || error == NoSuchCall || error == NotSupported || error == NotSupportedByFile;

    // FAT reports EPERM. A file that has too many names can still be renamed.
    private static bool HasNoLinks(int error) =>
        error is NotPermitted or OtherDevice or TooManyNames || IsNotSupported(error);

    private static IOException Failure(string path, int error) =>
        error == NoEntry
            ? new DirectoryNotFoundException($"'{path}': {new Win32Exception(error).Message}")
            : new IOException(Describe(path, error), error);

    private static string Describe(string path, int error) =>
        $"'{path}' could not be created: {new Win32Exception(error).Message}";

    private static IOException FlushFailure(string path, int error) =>
        new($"'{path}' could not be flushed: {new Win32Exception(error).Message}", error);

    [DllImport("libc", SetLastError = true)]
    private static extern int linkat(int oldFolder, string oldName, int newFolder, string newName, int flags);

    [DllImport("libc", SetLastError = true)]
    private static extern int renameat(int oldFolder, string oldName, int newFolder, string newName);

    [DllImport("libc", SetLastError = true)]
    private static extern int renameat2(int oldFolder, string oldName, int newFolder, string newName, uint flags);

    [DllImport("libc", SetLastError = true)]
    private static extern int open(string path, int flags);

    [DllImport("libc", SetLastError = true)]
    private static extern int fsync(int descriptor);

    [DllImport("libc", SetLastError = true)]
    private static extern int fcntl(int descriptor, int command);

    [DllImport("libc", SetLastError = true)]
    private static extern int close(int descriptor);

    [DllImport("libc", SetLastError = true)]
    private static extern int sync_file_range(SafeHandle file, long offset, long length, uint flags);
}
