using System.Management.Automation;
using ArtifactsPS.Core.Manifests;

namespace ArtifactsPS.Binding;

/// <summary>
/// Reads what users write of entries: a file's path, a folder's, or a wildcard. Case counts, as it does in entries.
/// </summary>
internal static class EntryPatterns
{
    private static readonly char[] Wildcards = ['*', '?', '[', '`'];

    /// <summary>What -Path and -LiteralPath choose, of which one is given; everything where neither is.</summary>
    public static IEnumerable<EntrySelector> All(string[] paths, string[] literalPaths) =>
        paths.Length + literalPaths.Length == 0
            ? [EntrySelector.All]
            : paths.Select(Parse).Concat(literalPaths.Select(EntrySelector.FileOrFolder));

    /// <summary>A path or wildcard as a selector.</summary>
    public static EntrySelector Parse(string text)
    {
        if (!WildcardPattern.ContainsWildcardCharacters(text))
            return EntrySelector.FileOrFolder(WildcardPattern.Unescape(text));
        var below = text[text.Length - 1] == '/' ? text + "*" : text;
        var pattern = new WildcardPattern(below, WildcardOptions.CultureInvariant);
        return EntrySelector.Matching(text, below.Substring(0, below.IndexOfAny(Wildcards)), pattern.IsMatch);
    }
}
