using ArtifactsPS.Core.FileSystem;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Storage;

/// <summary>Translates errors of the operating system to errors of a store.</summary>
internal static class StoreFailure
{
    public static bool Is(Exception exception) =>
        exception is IOException or UnauthorizedAccessException || FullDisk.IsTooLarge(exception);

    public static ArtifactsException From(Exception exception, string location) =>
        FullDisk.IsReportedBy(exception) ? new StoreFullException(location, exception)
        : FullDisk.IsTooLarge(exception) ? new StoreFileTooLargeException(location, exception)
        : new StoreUnavailableException(location, exception.Message, exception);
}
