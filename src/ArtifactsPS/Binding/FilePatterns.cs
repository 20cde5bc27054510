using System.Management.Automation;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Binding;

/// <summary>
/// Wildcard patterns for files of a folder tree. A name is matched against the file name at any depth, a path against the path
/// within the tree. A path as completion writes it, full or relative to the current location, is matched against the full path as
/// well. Ignores case, as PowerShell's -Include and -Exclude do.
/// </summary>
internal sealed class FilePatterns
{
    private readonly string _root;
    private readonly List<Pattern> _patterns;

    /// <param name="root">Full path of the tree.</param>
    /// <param name="session">Resolves relative paths and paths on drives.</param>
    public FilePatterns(IEnumerable<string> patterns, string root, PathIntrinsics session)
    {
        _root = Slashes(root).TrimEnd('/') + "/";
        _patterns = [.. patterns.Select(pattern => Parse(pattern, session))];
    }

    /// <summary>Patterns that have matched nothing, because they are paths outside of the tree or not paths at all.</summary>
    public IEnumerable<string> Unmatchable =>
        _patterns.Where(pattern => pattern.IsOutside && !pattern.HasMatched).Select(pattern => pattern.Text);

    /// <summary>Whether any pattern matches.</summary>
    /// <param name="path">The path within the tree.</param>
    public bool Match(string path)
    {
        var isMatch = false;
        foreach (var pattern in _patterns)
            if (
                pattern.OnName?.IsMatch(path.Substring(path.LastIndexOf('/') + 1)) == true
                || pattern.OnPath?.IsMatch(path) == true
                || pattern.OnFullPath?.IsMatch(_root + path) == true
            )
                isMatch = pattern.HasMatched = true;
        return isMatch;
    }

    private Pattern Parse(string given, PathIntrinsics session)
    {
        var text = Slashes(given).TrimEnd('/');
        var isRooted = given.StartsWith("/", StringComparison.Ordinal) || session.IsPSAbsolute(given, out _);
        var full = text.IndexOf('/') >= 0 ? Resolve(text, isRooted, session) : null;
        var isBelow =
            full is not null
            && (
                full.StartsWith(_root, StringComparison.OrdinalIgnoreCase)
                || full.StartsWith(WildcardPattern.Escape(_root), StringComparison.OrdinalIgnoreCase)
            );
        var relative = text;
        while (relative.StartsWith("./", StringComparison.Ordinal))
            relative = relative.Substring(2);
        relative = relative.TrimStart('/');
        var hasRelative = !(isRooted && isBelow) && relative.Split('/').All(name => name is not ("" or "." or ".."));
        var isName = hasRelative && !isRooted && relative.IndexOf('/') < 0;
        return new Pattern(
            given,
            isName ? NamePattern.Of(relative) : null,
            hasRelative && !isName ? NamePattern.Of(relative) : null,
            full is null ? null : NamePattern.Of(full),
            IsOutside: !isBelow && (isRooted || !hasRelative)
        );
    }

    // Null if the text is no path of a file.
    private static string? Resolve(string text, bool isRooted, PathIntrinsics session)
    {
        try
        {
            var full = Slashes(FileSystemPath.Resolve(session, text));
            if (isRooted)
                return full;
            // Brackets in the current location are no wildcard.
            var current = Slashes(session.CurrentFileSystemLocation.ProviderPath).TrimEnd('/') + "/";
            return full.StartsWith(current, StringComparison.Ordinal)
                ? WildcardPattern.Escape(current) + full.Substring(current.Length)
                : full;
        }
        catch (Exception e)
            when (e
                    is ArtifactsException
                        or RuntimeException
                        or ArgumentException
                        or NotSupportedException
                        or IOException
            )
        {
            return null;
        }
    }

    private static string Slashes(string path) => path.Replace('\\', '/');

    private sealed record Pattern(
        string Text,
        WildcardPattern? OnName,
        WildcardPattern? OnPath,
        WildcardPattern? OnFullPath,
        bool IsOutside
    )
    {
        public bool HasMatched { get; set; }
    }
}
