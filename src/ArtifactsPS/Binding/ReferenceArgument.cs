using System.Management.Automation;
using ArtifactsPS.Core.Drafts;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Values;
using ArtifactsPS.Output;

namespace ArtifactsPS.Binding;

/// <summary>Converts arguments that are URIs or paths to absolute URIs.</summary>
internal static class ReferenceArgument
{
    /// <summary>Returns an absolute URI as it is, and the URI of the file or folder that a path names.</summary>
    /// <exception cref="InvalidReferenceException">The text is neither an absolute URI nor the path of an existing file or
    /// folder.</exception>
    public static string Resolve(SessionState session, string text)
    {
        if (IsAbsoluteUri(session, text))
            return text;
        // A URI of a store is not a path.
        var path = StoreLocation.IsUri(text) ? "" : FileSystemPath.Resolve(session.Path, text);
        return File.Exists(path) || Directory.Exists(path)
            ? ReferencedFile.UriOf(path)
            : throw new InvalidReferenceException(
                ReferenceUri.Redact(text),
                "Use an absolute URI or the path of an existing file or folder"
            );
    }

    /// <summary>Returns the entry of a version that a text of the form <c>name:version/path</c> may mean; null for a URI or a
    /// path.</summary>
    public static EntryArgument? EntryOf(SessionState session, string text) =>
        text.IndexOf("://", StringComparison.Ordinal) >= 0
        || IsOnDrive(session, text)
        || SessionHandlers.Current.TryFind(text.Split(':')[0], out _)
            ? null
            : EntryArgument.Parse(text);

    /// <summary>Returns the source of an addition, which need not exist. It is the same for a path and for its URI.</summary>
    public static AdditionSource SourceOf(SessionState session, string text)
    {
        var path = text;
        try
        {
            path = IsAbsoluteUri(session, text)
                ? ReferencedFile.PathOf(text) ?? text
                : FileSystemPath.Resolve(session.Path, text);
        }
        catch (Exception e) when (ErrorRecords.IsExpected(e))
        {
            // Without a full path, the text identifies the addition.
        }
        return new AdditionSource(AdditionKind.Reference, path);
    }

    private static bool IsAbsoluteUri(SessionState session, string text) =>
        text.IndexOf(':') > 1 && !IsOnDrive(session, text) && Uri.TryCreate(text, UriKind.Absolute, out _);

    // `Data:/x.csv` is a path if there is a drive Data, and a URI if not.
    private static bool IsOnDrive(SessionState session, string text) =>
        text.IndexOf("://", StringComparison.Ordinal) < 0
        && session.Drive.GetAll().Any(drive => text.StartsWith(drive.Name + ":", StringComparison.OrdinalIgnoreCase));
}
