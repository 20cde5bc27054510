using System.Runtime.InteropServices;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Storage;

/// <summary>Translates errors of the operating system to errors of a store.</summary>
internal static class StoreFailure
{
    private const int UnixNoSpace = 28;
    private const int UnixQuotaExceeded = 122;
    private const int UnixFileTooLarge = 27;
    private const int WindowsFileTooLarge = unchecked((int)0x800700DF);
    private const int WindowsDiskFull = unchecked((int)0x80070070);
    private const int WindowsHandleDiskFull = unchecked((int)0x80070027);

    public static bool Is(Exception exception) =>
        exception is IOException or UnauthorizedAccessException || IsTooLarge(exception);

    public static ArtifactsException From(Exception exception, string location) =>
        IsFull(exception) ? new StoreFullException(location, exception)
        : IsTooLarge(exception) ? new StoreFileTooLargeException(location, exception)
        : new StoreUnavailableException(location, exception.Message, exception);

    /// <summary>Whether the medium is full.</summary>
    public static bool IsFull(Exception exception) => exception is IOException && IsFull(exception.HResult);

    /// <summary>Whether a file would be larger than the file system or the process may have. .NET reports EFBIG of a write as
    /// an argument out of range.</summary>
    public static bool IsTooLarge(Exception exception) =>
        exception is ArgumentOutOfRangeException
        || exception is IOException
            && exception.HResult
                == (RuntimeInformation.IsOSPlatform(OSPlatform.Windows) ? WindowsFileTooLarge : UnixFileTooLarge);

    private static bool IsFull(int code) =>
        RuntimeInformation.IsOSPlatform(OSPlatform.Windows)
            ? code is WindowsDiskFull or WindowsHandleDiskFull
            : code is UnixNoSpace or UnixQuotaExceeded;
}
