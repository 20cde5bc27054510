using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.FileSystem;

/// <summary>A folder can't take a new file.</summary>
/// <param name="reason">Why, without a full stop.</param>
public sealed class FolderNotWritableException(string folder, string reason, Exception? inner = null)
    : ArtifactsException(
        $"Nothing can be written to '{folder}': {reason}. Choose another folder, or change its permissions.",
        folder,
        inner
    )
{
    public override string ErrorId => "FolderNotWritable";

    public override ErrorKind Kind => ErrorKind.WriteError;

    /// <summary>Explains why no file could be created. The texts of .NET name a temporary file.</summary>
    /// <param name="failure">Failure to create a file in the folder.</param>
    internal static FolderNotWritableException Of(string folder, Exception failure) =>
        new(
            folder,
            FileAbove(folder) is { } file ? $"'{file}' is a file"
                : !Directory.Exists(folder) ? "the folder does not exist"
                : failure is UnauthorizedAccessException ? "access is denied"
                : failure is FileNotFoundException or DirectoryNotFoundException
                    ? "its file system creates no files there"
                : ReasonOf(failure),
            failure
        );

    /// <summary>Finds the file at the place of a folder, or of a folder above it; null if there is none.</summary>
    internal static string? FileAbove(string folder)
    {
        for (var path = folder; !string.IsNullOrEmpty(path); path = Path.GetDirectoryName(path))
            if (File.Exists(path))
                return path;
            else if (Directory.Exists(path))
                return null;
        return null;
    }

    // Without the path at the start or the end.
    private static string ReasonOf(Exception failure)
    {
        var (text, start) = (failure.Message, failure.Message.IndexOf("': ", StringComparison.Ordinal));
        if (start >= 0 && text[0] == '\'')
            text = text.Substring(start + 3);
        var end = text.IndexOf(" : '", StringComparison.Ordinal);
        return (end < 0 ? text : text.Substring(0, end)).TrimEnd('.');
    }
}
