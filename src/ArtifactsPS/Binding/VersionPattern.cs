using System.Management.Automation;
using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Binding;

/// <summary>Parses references with wildcards, such as <c>mnist*</c>, <c>*:prod</c> and <c>mnist:v*</c>.</summary>
internal static class VersionPattern
{
    private static readonly char[] Separators = [':', '@'];

    /// <summary>Finds the versions that match a pattern. A name without wildcards may be a former one.</summary>
    public static IAsyncEnumerable<PublishedVersion> FindAsync(
        VersionSearch search,
        string text,
        CancellationToken cancellationToken
    )
    {
        var (names, selector) = Parse(text);
        return
            selector is not null && ArtifactName.TryParse(text.Substring(0, text.IndexOfAny(Separators)), out var name)
            ? search.ListAsync(name, selector, cancellationToken)
            : search.ListAsync(names, selector, cancellationToken);
    }

    /// <summary>Parses a pattern of names, optionally followed by a version.</summary>
    /// <returns>Condition on names, and the versions of each artifact; null for a pattern of names only.</returns>
    public static (Func<string, bool> Names, VersionSelector? Selector) Parse(string text)
    {
        var end = text.IndexOfAny(Separators);
        if (end < 0)
            return (NamePattern.Of(text).IsMatch, null);
        var selector = text.Substring(end);
        return (
            NamePattern.Of(text.Substring(0, end)).IsMatch,
            WildcardPattern.ContainsWildcardCharacters(selector)
                ? VersionSelector.Matching(NamePattern.Of(selector.Substring(1)).IsMatch)
                : VersionSelector.Exactly(selector)
        );
    }
}
