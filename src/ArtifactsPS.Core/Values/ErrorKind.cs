namespace ArtifactsPS.Core.Values;

/// <summary>Category of a failure, with the name that PowerShell's <c>ErrorCategory</c> has for it.</summary>
public enum ErrorKind
{
    InvalidArgument,
    InvalidData,
    InvalidOperation,
    LimitsExceeded,
    NotImplemented,
    ObjectNotFound,
    PermissionDenied,
    ReadError,
    ResourceBusy,
    ResourceExists,
    ResourceUnavailable,
    WriteError,
}
