using ArtifactsPS.Core.FileSystem;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Drafts;

/// <summary>Target file of a reference with a <c>file:</c> URI.</summary>
public static class ReferencedFile
{
    /// <summary>Returns the full path of the file; null for another kind of URI.</summary>
    public static string? PathOf(string uri) =>
        Uri.TryCreate(uri, UriKind.Absolute, out var parsed) && parsed.IsFile ? parsed.LocalPath : null;

    /// <summary>Converts a full path to a URI. <see cref="Uri"/> would treat <c>%41</c> in a path as an escaped letter.</summary>
    public static string UriOf(string path)
    {
        var onWindows = Path.DirectorySeparatorChar == '\\';
        var text = onWindows ? path.Replace('\\', '/') : path;
        var escaped = string.Join("/", text.Split('/').Select(Uri.EscapeDataString));
        if (onWindows)
            escaped = escaped.Replace("%3A", ":");
        return escaped.StartsWith("//", StringComparison.Ordinal) ? "file:" + escaped
            : escaped[0] == '/' ? "file://" + escaped
            : "file:///" + escaped;
    }

    /// <exception cref="FileChangedWhileReadingException">The file was written to while it was read.</exception>
    public static (Digest Digest, long Size) Hash(string path, CancellationToken cancellationToken)
    {
        using var file = new FileReader(path);
        return FileHash.Measure(file, cancellationToken);
    }
}
