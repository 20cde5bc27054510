using ArtifactsPS.Core.Catalogs.Rules;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Binding;

/// <summary>Conversion of the arguments of rules for aliases.</summary>
internal static class RulePattern
{
    private const string FingerprintPrefix = "sha256:";

    // SHA-1 and SHA-256 in hexadecimal digits.
    private static readonly int[] FingerprintLengths = [40, 64];

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

    /// <summary>Parses the thumbprint of a certificate, or the fingerprint of a public key.</summary>
    /// <returns>Its hexadecimal digits, in lower case.</returns>
    /// <exception cref="InvalidAliasRuleException">The text is neither.</exception>
    public static string Signer(string text)
    {
        var digits = text.StartsWith(FingerprintPrefix, StringComparison.OrdinalIgnoreCase)
            ? text.Substring(FingerprintPrefix.Length)
            : text;
        return FingerprintLengths.Contains(digits.Length) && digits.All(Uri.IsHexDigit)
            ? digits.ToLowerInvariant()
            : throw new InvalidAliasRuleException(
                text,
                "-RequireSignature takes the thumbprint of a certificate or the fingerprint of a public key: 40 or 64 "
                    + "hexadecimal digits"
            );
    }
}
