using System.Management.Automation;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Output;

/// <summary>Creates error records from exceptions.</summary>
internal static class ErrorRecords
{
    /// <summary>Whether a user can act on an exception. Others are bugs of the program, or control flow of PowerShell.</summary>
    public static bool IsExpected(Exception exception) =>
        exception
            is ArtifactsException
                or IOException
                or UnauthorizedAccessException
                or ItemNotFoundException
                or System.Management.Automation.DriveNotFoundException
                or ProviderNotFoundException;

    /// <summary>Creates an error record.</summary>
    /// <param name="item">Target of the error; null for the target of the exception.</param>
    public static ErrorRecord From(Exception exception, object? item = null)
    {
        if (exception is ArtifactsException { HidesItem: true })
            item = null;
        var (id, category) = Describe(exception);
        var record = new ErrorRecord(exception, id, category, item ?? (exception as ArtifactsException)?.Target);
        // Messages of .NET have file names as they are; so has the target.
        if (DisplayText.Of(exception.Message) is var message && message != exception.Message)
            record.ErrorDetails = new ErrorDetails(message);
        record.CategoryInfo.TargetName = item is Artifact draft
            ? draft.Name
            : DisplayText.Of(record.CategoryInfo.TargetName);
        return record;
    }

    private static (string Id, ErrorCategory Category) Describe(Exception exception) =>
        exception switch
        {
            ArtifactsException failure => (failure.ErrorId, CategoryOf(failure.Kind)),
            FileNotFoundException or DirectoryNotFoundException or ItemNotFoundException => (
                "FileNotFound",
                ErrorCategory.ObjectNotFound
            ),
            UnauthorizedAccessException => ("FileAccessDenied", ErrorCategory.PermissionDenied),
            IOException => ("FileUnreadable", ErrorCategory.ReadError),
            _ => (exception.GetType().Name, ErrorCategory.NotSpecified),
        };

    private static ErrorCategory CategoryOf(ErrorKind kind) =>
        (ErrorCategory)Enum.Parse(typeof(ErrorCategory), kind.ToString());
}
