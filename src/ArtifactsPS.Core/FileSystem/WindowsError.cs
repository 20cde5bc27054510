using System.ComponentModel;

namespace ArtifactsPS.Core.FileSystem;

/// <summary>Errors of Windows, by their number.</summary>
internal static class WindowsError
{
    public const int None = 0;
    public const int FileNotFound = 2;
    public const int PathNotFound = 3;
    public const int AccessDenied = 5;
    public const int NoMoreFiles = 18;
    public const int SharingViolation = 32;
    public const int LockViolation = 33;
    public const int FileExists = 80;
    public const int FolderNotEmpty = 145;
    public const int AlreadyExists = 183;
    public const int NotAFolder = 267;
    public const int DeletePending = 303;
    public const int MappedByUser = 1224;

    /// <summary>A pipe or device. Not a number of Windows.</summary>
    public const int NotADiskFile = -1;

    /// <summary>A folder in the place of a file. Windows reports a denied access. Not a number of Windows.</summary>
    public const int IsAFolder = -2;

    private const int FromWindows = unchecked((int)0x80070000);
    private const int NumberMask = 0xffff;

    /// <summary>Whether a name is missing.</summary>
    public static bool IsMissing(int error) => error is FileNotFound or PathNotFound;

    /// <summary>Whether another program has a file open in a way that excludes others.</summary>
    public static bool IsInUse(int error) =>
        error is SharingViolation or LockViolation or DeletePending or MappedByUser;

    /// <summary>Whether a change may succeed soon. A file that is deleted while another program has it open denies access until
    /// it is closed. So does replacing an open file.</summary>
    public static bool MayPass(int error) => error == AccessDenied || IsInUse(error);

    /// <summary>Whether an exception reports a file that another program uses, or access that is denied for that reason.</summary>
    public static bool IsInUse(Exception exception) =>
        exception is IOException or UnauthorizedAccessException
        && (exception.HResult & ~NumberMask) == FromWindows
        && MayPass(exception.HResult & NumberMask);

    /// <summary>Creates the exception for an error.</summary>
    public static Exception Failure(string path, int error) =>
        error switch
        {
            FileNotFound => new FileNotFoundException($"There is no file '{path}'.", path),
            PathNotFound => new DirectoryNotFoundException($"The folder of '{path}' does not exist."),
            AccessDenied => new UnauthorizedAccessException($"Access to '{path}' is denied."),
            SharingViolation or LockViolation or MappedByUser => new IOException(
                $"'{path}' is in use by another program. Close that program and run the command again.",
                FromWindows | error
            ),
            NotADiskFile => new IOException($"'{path}' is not a regular file (a pipe or device)."),
            IsAFolder => new UnauthorizedAccessException($"'{path}' is a folder, not a file."),
            // With the number that .NET uses, so that a full disk is recognized.
            _ => new IOException($"'{path}': {new Win32Exception(error).Message}", FromWindows | error),
        };
}
