using System.Management.Automation;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Binding;

/// <summary>Resolves paths of the user, which may be relative or on a drive of the session, to file system paths.</summary>
internal static class FileSystemPath
{
    private const string FileSystem = "FileSystem";
    private const string Prefix = @"Microsoft.PowerShell.Core\FileSystem::";

    /// <summary>Resolves a literal path, which need not exist, to a full path.</summary>
    /// <exception cref="NotAFileSystemPathException">The path is on a drive without files.</exception>
    public static string Resolve(PathIntrinsics paths, string text)
    {
        if (PlainPath(paths, text) is { } plain)
            return Path.GetFullPath(plain);
        var path = paths.GetUnresolvedProviderPathFromPSPath(WithHome(paths, text), out var provider, out _);
        return Check(text, path, provider);
    }

    /// <summary>Resolves a path with wildcards to full paths.</summary>
    /// <exception cref="NotAFileSystemPathException">The path is on a drive without files.</exception>
    public static IEnumerable<string> Expand(PathIntrinsics paths, string text)
    {
        if (
            !WildcardPattern.ContainsWildcardCharacters(text)
            && PlainPath(paths, text) is { } plain
            && File.Exists(plain)
        )
            return [Path.GetFullPath(plain)];
        return paths
            .GetResolvedProviderPathFromPSPath(WithHome(paths, text), out var provider)
            .Select(path => Check(text, path, provider));
    }

    // The engine takes longer to resolve a path than to read and store a small file. Paths from a pipeline need no
    // resolving: they have the prefix of the file system provider, or start with the root of the current drive.
    private static string? PlainPath(PathIntrinsics paths, string text)
    {
        if (text.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
            return Path.IsPathRooted(text.Substring(Prefix.Length)) ? text.Substring(Prefix.Length) : null;
        return
            paths.CurrentLocation is { Provider.Name: FileSystem, Drive: { Root: { } root } drive }
            // On a drive whose root is a folder, a path that starts with a separator is relative to that folder.
            && (root == "/" || string.Equals(root, drive.Name + @":\", StringComparison.OrdinalIgnoreCase))
            && text.StartsWith(root, StringComparison.OrdinalIgnoreCase)
            ? text
            : null;
    }

    // On another drive, ~ is the home of its provider.
    private static string WithHome(PathIntrinsics paths, string text) =>
        (
            text == "~"
            || text.StartsWith("~/", StringComparison.Ordinal)
            || text.StartsWith(@"~\", StringComparison.Ordinal)
        )
        && paths.CurrentLocation.Provider.Name != FileSystem
            ? Prefix + text
            : text;

    private static string Check(string text, string path, ProviderInfo provider) =>
        provider.Name == FileSystem
            ? Path.GetFullPath(path)
            : throw new NotAFileSystemPathException(text, provider.Name);
}

/// <summary>A path is on a drive without files, such as <c>Env:</c>.</summary>
public sealed class NotAFileSystemPathException(string path, string provider)
    : ArtifactsException(
        $"'{path}' belongs to the provider {provider}, which has no files. Give the path of a file or folder.",
        path
    )
{
    public override string ErrorId => "NotAFileSystemPath";

    public override ErrorKind Kind => ErrorKind.InvalidArgument;
}
