using System.Management.Automation;

namespace ArtifactsPS;

/// <summary>Paths as users write them, relative or on any of the session's drives, as the file system has them.</summary>
internal static class FileSystemPath
{
    /// <summary>The full path that a text means, be there something or not; nothing in it is a wildcard.</summary>
    /// <exception cref="NotAFileSystemPathException">It is on a drive that has no files.</exception>
    public static string Resolve(PathIntrinsics paths, string text)
    {
        var path = paths.GetUnresolvedProviderPathFromPSPath(text, out var provider, out _);
        return Check(text, path, provider);
    }

    /// <summary>The full paths that a text with wildcards means.</summary>
    /// <exception cref="NotAFileSystemPathException">It is on a drive that has no files.</exception>
    public static IEnumerable<string> Expand(PathIntrinsics paths, string text) =>
        paths.GetResolvedProviderPathFromPSPath(text, out var provider).Select(path => Check(text, path, provider));

    private static string Check(string text, string path, ProviderInfo provider) =>
        provider.Name == "FileSystem"
            ? Path.GetFullPath(path)
            : throw new NotAFileSystemPathException(text, provider.Name);
}

/// <summary>A path on a drive that has no files, such as <c>Env:</c>.</summary>
public sealed class NotAFileSystemPathException(string path, string provider)
    : ArtifactsException(
        $"'{path}' belongs to the provider {provider}, which has no files. Give the path of a file or folder.",
        path
    );
