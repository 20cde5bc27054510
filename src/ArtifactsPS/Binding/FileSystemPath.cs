using System.Management.Automation;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Binding;

/// <summary>Paths as users write them, relative or on any of the session's drives, as the file system has them.</summary>
internal static class FileSystemPath
{
    private const string FileSystem = "FileSystem";
    private const string Prefix = @"Microsoft.PowerShell.Core\FileSystem::";

    /// <summary>The full path that a text means, be there something or not; nothing in it is a wildcard.</summary>
    /// <exception cref="NotAFileSystemPathException">It is on a drive that has no files.</exception>
    public static string Resolve(PathIntrinsics paths, string text)
    {
        if (PlainPath(paths, text) is { } plain)
            return Path.GetFullPath(plain);
        var path = paths.GetUnresolvedProviderPathFromPSPath(text, out var provider, out _);
        return Check(text, path, provider);
    }

    /// <summary>The full paths that a text with wildcards means.</summary>
    /// <exception cref="NotAFileSystemPathException">It is on a drive that has no files.</exception>
    public static IEnumerable<string> Expand(PathIntrinsics paths, string text)
    {
        if (
            !WildcardPattern.ContainsWildcardCharacters(text)
            && PlainPath(paths, text) is { } plain
            && File.Exists(plain)
        )
            return [Path.GetFullPath(plain)];
        return paths
            .GetResolvedProviderPathFromPSPath(text, out var provider)
            .Select(path => Check(text, path, provider));
    }

    // The engine takes longer to resolve a path than it takes to read and store a small file. What comes down a pipeline
    // needs no resolving: it has the file system's own prefix, or begins with the root of the current drive.
    private static string? PlainPath(PathIntrinsics paths, string text)
    {
        if (text.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
            return Path.IsPathRooted(text.Substring(Prefix.Length)) ? text.Substring(Prefix.Length) : null;
        return
            paths.CurrentLocation is { Provider.Name: FileSystem, Drive: { Root: { } root } drive }
            // Of a drive that was made for a folder, a path that begins with a separator means another one.
            && (root == "/" || string.Equals(root, drive.Name + @":\", StringComparison.OrdinalIgnoreCase))
            && text.StartsWith(root, StringComparison.OrdinalIgnoreCase)
            ? text
            : null;
    }

    private static string Check(string text, string path, ProviderInfo provider) =>
        provider.Name == FileSystem
            ? Path.GetFullPath(path)
            : throw new NotAFileSystemPathException(text, provider.Name);
}

/// <summary>A path on a drive that has no files, such as <c>Env:</c>.</summary>
public sealed class NotAFileSystemPathException(string path, string provider)
    : ArtifactsException(
        $"'{path}' belongs to the provider {provider}, which has no files. Give the path of a file or folder.",
        path
    )
{
    public override string ErrorId => "NotAFileSystemPath";

    public override ErrorKind Kind => ErrorKind.InvalidArgument;
}
