using System.Runtime.InteropServices;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Storage;

/// <summary>Translates errors of the operating system to errors of a store.</summary>
internal static class StoreFailure
{
    private const int UnixNoSpace = 28;
    private const int UnixQuotaExceeded = 122;
    private const int WindowsDiskFull = unchecked((int)0x80070070);
    private const int WindowsHandleDiskFull = unchecked((int)0x80070027);

    public static bool Is(Exception exception) => exception is IOException or UnauthorizedAccessException;

    public static ArtifactsException From(Exception exception, string location) =>
        IsFull(exception)
            ? new StoreFullException(location, exception)
            : new StoreUnavailableException(location, exception.Message, exception);

    /// <summary>Whether the medium is full.</summary>
    public static bool IsFull(Exception exception) => exception is IOException && IsFull(exception.HResult);

    private static bool IsFull(int code) =>
        RuntimeInformation.IsOSPlatform(OSPlatform.Windows)
            ? code is WindowsDiskFull or WindowsHandleDiskFull
            : code is UnixNoSpace or UnixQuotaExceeded;
}
