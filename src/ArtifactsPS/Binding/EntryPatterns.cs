using System.Management.Automation;
using ArtifactsPS.Core.Manifests;

namespace ArtifactsPS.Binding;

/// <summary>
/// Parses paths of entries: the path of a file or folder, or a wildcard pattern. Case-sensitive, like entry paths.
/// </summary>
internal static class EntryPatterns
{
    private static readonly char[] Wildcards = ['*', '?', '[', '`'];

    /// <summary>Selects files and folders by -Path or -LiteralPath; all entries if neither is given.</summary>
    public static IEnumerable<EntrySelector> FilesAndFolders(string[] paths, string[] literalPaths) =>
        paths.Length + literalPaths.Length == 0
            ? [EntrySelector.All]
            : paths.Select(Parse).Concat(literalPaths.Select(EntrySelector.FileOrFolder));

    /// <summary>Selects files by -Path or -LiteralPath. A path without wildcards is that of a file.</summary>
    public static IEnumerable<EntrySelector> Files(string[] paths, string[] literalPaths) =>
        paths
            .Select(path =>
                WildcardPattern.ContainsWildcardCharacters(path)
                    ? Parse(path)
                    : EntrySelector.Exactly(WildcardPattern.Unescape(path))
            )
            .Concat(literalPaths.Select(EntrySelector.Exactly));

    /// <summary>Creates a selector for a path or wildcard pattern.</summary>
    private static EntrySelector Parse(string text)
    {
        if (!WildcardPattern.ContainsWildcardCharacters(text))
            return EntrySelector.FileOrFolder(WildcardPattern.Unescape(text));
        var below = text[text.Length - 1] == '/' ? text + "*" : text;
        var pattern = new WildcardPattern(below, WildcardOptions.CultureInvariant);
        return EntrySelector.Matching(text, below.Substring(0, below.IndexOfAny(Wildcards)), pattern.IsMatch);
    }
}
