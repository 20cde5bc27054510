using System.Text.RegularExpressions;

namespace ArtifactsPS.Core.Values;

/// <summary>Checks URIs of references: they are absolute and contain no secrets.</summary>
public static class ReferenceUri
{
    private const int MaxLength = 8192;
    private static readonly TimeSpan MatchTimeout = TimeSpan.FromSeconds(1);

    // A scheme followed by at least one character (RFC 3986, 3.1).
    private static readonly Regex Form = Pattern("^(?<scheme>[A-Za-z][A-Za-z0-9+.-]*):.");

    // Password in the user information of an authority.
    private static readonly Regex Password = Pattern("^(?<before>[^/?#]*://[^/?#@:]*):[^/?#]*@");

    private static readonly Regex UserInfo = Pattern("^(?<before>[^/?#]*://)[^/?#@:]*@");

    // A value with a name, in a query, a fragment or the parameters of a path segment.
    private static readonly Regex Value = Pattern("(?<before>[?&#;](?<name>[^=?&#;]+)=)[^&#;]+");

    /// <summary>Checks the form of a URI that is or may be recorded.</summary>
    /// <exception cref="InvalidReferenceException">The text can't be the URI of a reference.</exception>
    public static string Check(string uri) =>
        Fault(uri) is { } fault ? throw new InvalidReferenceException(Redact(uri), fault) : uri;

    /// <summary>Checks a URI that a user adds. All readers of a store can read it, so secrets are refused.</summary>
    /// <exception cref="InvalidReferenceException">The URI can't be added as a reference.</exception>
    public static string CheckNew(string uri) =>
        SecretFault(Check(uri)) is { } fault ? throw new InvalidReferenceException(Redact(uri), fault) : uri;

    /// <summary>Scheme of a checked URI, in lower case.</summary>
    public static string SchemeOf(string uri) =>
#pragma warning disable CA1308 // A scheme is lower-case by convention.
        uri.Substring(0, uri.IndexOf(':')).ToLowerInvariant();
#pragma warning restore CA1308

    /// <summary>Whether a text can be a scheme. One letter would be a drive.</summary>
    public static bool IsScheme(string text) =>
        text.Length > 1 && Form.Match(text + ":x").Groups["scheme"].Value == text;

    /// <summary>Replaces the secrets of a URI, if it has any, so that the text can be shown.</summary>
    public static string Redact(string uri)
    {
        uri = Password.Replace(uri, "${before}:***@", 1);
        if (IsWeb(uri))
            uri = UserInfo.Replace(uri, "${before}***@", 1);
        return Value.Replace(
            uri,
            match => IsSecret(match.Groups["name"].Value) ? match.Groups["before"].Value + "***" : match.Value
        );
    }

    /// <summary>What a text of a reference may not have; null if there is nothing.</summary>
    internal static string? TextFault(string text)
    {
        for (var i = 0; i < text.Length; i++)
            if (char.IsControl(text[i]))
                return $"Remove the control character U+{(int)text[i]:X4}";
            else if (char.IsSurrogate(text[i]) && !char.IsSurrogatePair(text, i++))
                return "It isn't valid Unicode (half of a surrogate pair)";
        return null;
    }

    private static string? Fault(string uri)
    {
        if (uri.Length > MaxLength)
            return $"Use at most {MaxLength} characters";
        if (TextFault(uri) is { } fault)
            return fault;
        if (!Form.IsMatch(uri))
            return "Use an absolute URI";
        return Password.IsMatch(uri) ? "Remove the password; all readers of the store could read it" : null;
    }

    private static string? SecretFault(string uri)
    {
        if (IsWeb(uri) && UserInfo.IsMatch(uri))
            return "Remove the user information before the '@'; all readers of the store could read it. "
                + ReferenceSecret.Advice("")
                + " instead";
        foreach (Match match in Value.Matches(uri))
            if (match.Groups["name"].Value is var name && IsSecret(name))
                return $"Remove '{name}'; all readers of the store could read it. {ReferenceSecret.Advice(name)} instead";
        return null;
    }

    private static bool IsSecret(string name) => ReferenceSecret.IsName(Uri.UnescapeDataString(name));

    // Other schemes, such as ssh:, have users that are no secrets.
    private static bool IsWeb(string uri) =>
        Form.Match(uri).Groups["scheme"].Value.ToUpperInvariant() is "HTTP" or "HTTPS" or "S3" or "AZ";

    private static Regex Pattern(string pattern) =>
        new(pattern, RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, MatchTimeout);
}

/// <summary>Recognizes secrets in URIs by their names.</summary>
internal static class ReferenceSecret
{
    private static readonly string[] Words = ["authorization"];

    private static readonly string[] Names = ["sig", "auth", "jwt", "bearer", "passphrase", "awsaccesskeyid"];

    /// <summary>Whether a parameter of this name is a secret, or a part of one.</summary>
    public static bool IsName(string name) => SecretName.Is(name, Words, Names);

    /// <summary>Describes how to read the target without the secret in its URI, without a full stop.</summary>
    public static string Advice(string name) =>
        name.StartsWith("X-Amz-", StringComparison.OrdinalIgnoreCase)
        || name.Equals("AWSAccessKeyId", StringComparison.OrdinalIgnoreCase)
            ? "Use the form s3://bucket/key with the credentials that AWS's tools find"
        : name.Equals("sig", StringComparison.OrdinalIgnoreCase)
            ? "Use the form az://account/container/blob, and give the signature in AZURE_STORAGE_SAS_TOKEN"
        : "Give the secret to the session, and register a handler that uses it with Register-ArtifactReferenceHandler";
}

/// <summary>The text can't be added as a reference.</summary>
public sealed class InvalidReferenceException(string uri, string fault)
    : ArtifactsException($"Invalid reference '{uri}'. {fault}.", uri)
{
    public override string ErrorId => "InvalidReference";

    public override ErrorKind Kind => ErrorKind.InvalidArgument;
}
