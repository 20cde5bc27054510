using System.Management.Automation;
using ArtifactsPS.Binding;
using ArtifactsPS.Commands;
using ArtifactsPS.Commands.Artifacts;
using ArtifactsPS.Commands.Distributed;
using ArtifactsPS.Commands.Runs;
using ArtifactsPS.Commands.Stores;
using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Content.Blobs;
using ArtifactsPS.Core.Distributed;
using ArtifactsPS.Core.Drafts;
using ArtifactsPS.Core.FileSystem;
using ArtifactsPS.Core.Maintenance.Cleanup;
using ArtifactsPS.Core.Manifests;
using ArtifactsPS.Core.Publishing;
using ArtifactsPS.Core.Reports;
using ArtifactsPS.Core.Restoring;
using ArtifactsPS.Core.Runs;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Storage.Kinds;
using ArtifactsPS.Core.Transfer.Archives;
using ArtifactsPS.Core.Values;
using ArtifactsPS.Drive;
using ArtifactsPS.Serialization;

namespace ArtifactsPS.Output;

/// <summary>Gives each failure its error id, category and target.</summary>
internal static class ErrorRecords
{
    /// <summary>Whether a failure is one that a user can act on, rather than a fault of the program or of PowerShell's flow.</summary>
    public static bool IsExpected(Exception exception) =>
        exception
            is ArtifactsException
                or IOException
                or UnauthorizedAccessException
                or ItemNotFoundException
                or System.Management.Automation.DriveNotFoundException
                or ProviderNotFoundException;

    /// <summary>Makes the record of an error.</summary>
    /// <param name="exception">What failed.</param>
    /// <param name="item">The user's own item; null for the one the exception names.</param>
    public static ErrorRecord From(Exception exception, object? item = null)
    {
        var (id, category) = Describe(exception);
        // What the user gave may hold a secret.
        if (exception is InvalidStoreLocationException)
            item = null;
        return new ErrorRecord(exception, id, category, item ?? (exception as ArtifactsException)?.Target);
    }

    private static (string Id, ErrorCategory Category) Describe(Exception exception) =>
        exception switch
        {
            ArtifactNotFoundException => ("ArtifactNotFound", ErrorCategory.ObjectNotFound),
            ArtifactVersionNotFoundException => ("ArtifactVersionNotFound", ErrorCategory.ObjectNotFound),
            ArtifactEntryNotFoundException => ("ArtifactEntryNotFound", ErrorCategory.ObjectNotFound),
            ArtifactEntryConflictException => ("ArtifactEntryConflict", ErrorCategory.ResourceExists),
            InvalidArtifactNameException => ("InvalidArtifactName", ErrorCategory.InvalidArgument),
            InvalidArtifactTypeException => ("InvalidArtifactType", ErrorCategory.InvalidArgument),
            InvalidArtifactAliasException => ("InvalidArtifactAlias", ErrorCategory.InvalidArgument),
            InvalidArtifactTagException => ("InvalidArtifactTag", ErrorCategory.InvalidArgument),
            InvalidEntryPathException => ("InvalidEntryPath", ErrorCategory.InvalidArgument),
            InvalidReferenceException => ("InvalidReference", ErrorCategory.InvalidArgument),
            InvalidMetadataException => ("InvalidMetadata", ErrorCategory.InvalidArgument),
            ArtifactTypeMismatchException => ("ArtifactTypeMismatch", ErrorCategory.InvalidArgument),
            ArtifactNotPublishedException => ("ArtifactNotPublished", ErrorCategory.InvalidArgument),
            ArtifactSpentException => ("ArtifactSpent", ErrorCategory.InvalidOperation),
            FileChangedWhileReadingException => ("FileChangedWhileReading", ErrorCategory.ReadError),
            InvalidStoreNameException => ("InvalidStoreName", ErrorCategory.InvalidArgument),
            UnknownObjectFormatException => ("UnknownObjectFormat", ErrorCategory.InvalidArgument),
            ObjectsUnreadableException => ("ObjectsUnreadable", ErrorCategory.InvalidData),
            ReferenceNotReadableException => ("ReferenceNotReadable", ErrorCategory.InvalidOperation),
            ContentTooLargeException => ("ContentTooLarge", ErrorCategory.LimitsExceeded),
            InvalidExpiryException => ("InvalidExpiry", ErrorCategory.InvalidArgument),
            InvalidGracePeriodException => ("InvalidGracePeriod", ErrorCategory.InvalidArgument),
            InvalidDistributedIdException => ("InvalidDistributedId", ErrorCategory.InvalidArgument),
            DistributedIdMissingException => ("DistributedIdMissing", ErrorCategory.InvalidArgument),
            DistributedArtifactLockedException => ("DistributedArtifactLocked", ErrorCategory.InvalidOperation),
            DistributedConflictException => ("DistributedConflict", ErrorCategory.ResourceExists),
            DistributedBaseMismatchException => ("DistributedBaseMismatch", ErrorCategory.InvalidOperation),
            DistributedArtifactNotFoundException => ("DistributedArtifactNotFound", ErrorCategory.ObjectNotFound),
            InvalidArtifactRunException => ("InvalidArtifactRun", ErrorCategory.InvalidArgument),
            ArtifactRunNotFoundException => ("ArtifactRunNotFound", ErrorCategory.ObjectNotFound),
            NoActiveRunException => ("NoActiveRun", ErrorCategory.InvalidOperation),
            AliasInUseException => ("AliasInUse", ErrorCategory.ResourceBusy),
            DestinationFullException => ("DestinationFull", ErrorCategory.WriteError),
            ArchiveExistsException => ("ArchiveExists", ErrorCategory.ResourceExists),
            ReportExistsException => ("ReportExists", ErrorCategory.ResourceExists),
            ReportOfSeveralStoresException => ("ReportOfSeveralStores", ErrorCategory.InvalidArgument),
            InvalidArchiveException => ("InvalidArchive", ErrorCategory.InvalidData),
            DriveReadOnlyException => ("DriveReadOnly", ErrorCategory.InvalidOperation),
            PathNotRestorableException => ("PathNotRestorable", ErrorCategory.WriteError),
            ReferenceChangedException => ("ReferenceChanged", ErrorCategory.InvalidData),
            NotAFileSystemPathException => ("NotAFileSystemPath", ErrorCategory.InvalidArgument),
            FileNotFoundException or DirectoryNotFoundException or ItemNotFoundException => (
                "FileNotFound",
                ErrorCategory.ObjectNotFound
            ),
            UnauthorizedAccessException => ("FileAccessDenied", ErrorCategory.PermissionDenied),
            IOException => ("FileUnreadable", ErrorCategory.ReadError),
            _ => DescribeOfStore(exception),
        };

    private static (string Id, ErrorCategory Category) DescribeOfStore(Exception exception) =>
        exception switch
        {
            StoreNotRegisteredException => ("StoreNotRegistered", ErrorCategory.ObjectNotFound),
            StoreRegistrationUnreadableException => ("StoreRegistrationUnreadable", ErrorCategory.InvalidData),
            InvalidStoreLocationException => ("InvalidStoreLocation", ErrorCategory.InvalidArgument),
            StoreNotSupportedException => ("StoreNotSupported", ErrorCategory.NotImplemented),
            StoreNotFoundException => ("StoreNotFound", ErrorCategory.ObjectNotFound),
            StoreUnavailableException => ("StoreUnavailable", ErrorCategory.ResourceUnavailable),
            StoreFormatNotSupportedException => ("StoreFormatNotSupported", ErrorCategory.NotImplemented),
            StoreFullException => ("StoreFull", ErrorCategory.WriteError),
            ObjectCorruptException => ("ObjectCorrupt", ErrorCategory.InvalidData),
            ObjectCleanedUpException => ("ObjectCleanedUp", ErrorCategory.ObjectNotFound),
            StoreDamagedException => ("StoreDamaged", ErrorCategory.InvalidData),
            CleanupRunningException => ("CleanupRunning", ErrorCategory.ResourceBusy),
            CleanupTooSlowException => ("CleanupTooSlow", ErrorCategory.ResourceBusy),
            ObjectMissingException => ("ObjectMissing", ErrorCategory.ObjectNotFound),
            _ => (exception.GetType().Name, ErrorCategory.NotSpecified),
        };
}
