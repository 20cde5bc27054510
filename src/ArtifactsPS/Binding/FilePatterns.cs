using System.Management.Automation;

namespace ArtifactsPS.Binding;

/// <summary>
/// Wildcard patterns for files of a folder tree. A pattern with a <c>/</c> is matched against the path within the tree,
/// any other against the file name at any depth. Ignores case, as PowerShell's -Include and -Exclude do.
/// </summary>
internal sealed class FilePatterns
{
    private readonly List<WildcardPattern> _paths = [];
    private readonly List<WildcardPattern> _names = [];

    public FilePatterns(IEnumerable<string> patterns)
    {
        foreach (var pattern in patterns)
        {
            var text = pattern.Replace('\\', '/').TrimEnd('/');
            (text.IndexOf('/') >= 0 ? _paths : _names).Add(NamePattern.Of(text.TrimStart('/')));
        }
    }

    /// <summary>Whether any pattern matches.</summary>
    /// <param name="path">The path within the tree.</param>
    public bool Match(string path) =>
        _paths.Exists(pattern => pattern.IsMatch(path))
        || _names.Exists(pattern => pattern.IsMatch(path.Substring(path.LastIndexOf('/') + 1)));
}
