using ArtifactsPS.Core.Catalogs.Rules;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Binding;

/// <summary>Conversion of the patterns of rules for aliases.</summary>
internal static class RulePattern
{
    /// <summary>Parses a pattern.</summary>
    /// <exception cref="InvalidAliasRuleException">The text is not a pattern.</exception>
    public static TextPattern Of(string text) =>
        TextPattern.TryParse(text, out var pattern)
            ? pattern
            : throw new InvalidAliasRuleException(
                text,
                "a pattern has 1 to 256 characters, and the wildcards '*' and '?' only"
            );

    /// <summary>Parses a pattern for names of artifacts.</summary>
    /// <exception cref="InvalidAliasRuleException">The text is not a pattern.</exception>
    /// <exception cref="InvalidArtifactNameException">No artifact can have a matching name.</exception>
    public static TextPattern OfArtifacts(string text)
    {
        var pattern = Of(text);
        var name = text.Replace("*", "").Replace("?", "");
        if (name.Length > 0 || pattern.IsLiteral)
            ArtifactName.Parse(name);
        return pattern;
    }
}
