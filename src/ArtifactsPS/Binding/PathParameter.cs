using System.Management.Automation;

namespace ArtifactsPS.Binding;

/// <summary>Parameter sets of cmdlets that accept either -Path, which expands wildcards, or -LiteralPath.</summary>
internal static class PathParameter
{
    public const string Path = "Path";
    public const string LiteralPath = "LiteralPath";
}

/// <summary>Argument of -Path or -LiteralPath for files.</summary>
/// <param name="Text">The path as the user gave it.</param>
/// <param name="IsLiteral">Whether the path was given as -LiteralPath.</param>
internal readonly record struct FilePathArgument(string Text, bool IsLiteral)
{
    /// <summary>Whether the path has wildcards, rather than naming a file.</summary>
    public bool IsPattern => !IsLiteral && WildcardPattern.ContainsWildcardCharacters(Text);

    /// <summary>Combines the arguments of both parameters.</summary>
    public static IEnumerable<FilePathArgument> All(string[] paths, string[] literalPaths) =>
        paths
            .Select(path => new FilePathArgument(path, IsLiteral: false))
            .Concat(literalPaths.Select(path => new FilePathArgument(path, IsLiteral: true)));

    /// <summary>Returns the full paths: all that match a pattern, or one that need not exist.</summary>
    /// <exception cref="NotAFileSystemPathException">The path is on a drive without files.</exception>
    public IEnumerable<string> Resolve(PathIntrinsics session) =>
        IsLiteral ? [FileSystemPath.Resolve(session, Text)] : FileSystemPath.Expand(session, Text);
}
