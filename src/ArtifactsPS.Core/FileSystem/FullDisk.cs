using System.Runtime.InteropServices;

namespace ArtifactsPS.Core.FileSystem;

/// <summary>Recognizes the errors of a system that report a full disk, an exceeded quota, or a file that is too large.</summary>
internal static class FullDisk
{
    private const int UnixFileTooLarge = 27;
    private const int UnixNoSpace = 28;
    private const int LinuxQuotaExceeded = 122;
    private const int MacQuotaExceeded = 69;

    // ERROR_HANDLE_DISK_FULL, ERROR_DISK_FULL, ERROR_DISK_RESOURCES_EXHAUSTED, ERROR_DISK_QUOTA_EXCEEDED.
    private static readonly int[] Windows = [39, 112, 314, 1295];
    private const int WindowsFileTooLarge = 223;

    private const int FromWindows = unchecked((int)0x80070000);

    /// <summary>Whether an exception reports that the disk or a quota is full.</summary>
    public static bool IsReportedBy(Exception exception) =>
        exception is IOException && IsFull(exception.HResult, Current);

    /// <summary>Whether an exception reports a file that would be larger than the file system or the process may have. .NET
    /// reports EFBIG of a write as an argument out of range.</summary>
    public static bool IsTooLarge(Exception exception) =>
        exception is ArgumentOutOfRangeException
        || exception is IOException
            && exception.HResult
                == (Current == OSPlatform.Windows ? FromWindows | WindowsFileTooLarge : UnixFileTooLarge);

    /// <summary>Whether a number of an error means a full disk or quota.</summary>
    /// <param name="code">Number of the error; HRESULT on Windows.</param>
    internal static bool IsFull(int code, OSPlatform system) =>
        system == OSPlatform.Windows ? Array.Exists(Windows, error => code == (FromWindows | error))
        : system == OSPlatform.OSX ? code is UnixNoSpace or MacQuotaExceeded
        : code is UnixNoSpace or LinuxQuotaExceeded;

    private static OSPlatform Current { get; } =
        RuntimeInformation.IsOSPlatform(OSPlatform.Windows) ? OSPlatform.Windows
        : RuntimeInformation.IsOSPlatform(OSPlatform.OSX) ? OSPlatform.OSX
        : OSPlatform.Linux;
}
