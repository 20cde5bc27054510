using System.Text.RegularExpressions;

namespace ArtifactsPS.Core.Values;

/// <summary>Checks URIs of references: they are absolute and contain no password.</summary>
public static class ReferenceUri
{
    private const int MaxLength = 8192;
    private static readonly TimeSpan MatchTimeout = TimeSpan.FromSeconds(1);

    // A scheme followed by at least one character (RFC 3986, 3.1).
    private static readonly Regex Form = new(
        "^[A-Za-z][A-Za-z0-9+.-]*:.",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        MatchTimeout
    );

    // Password in the user information of an authority.
    private static readonly Regex Password = new(
        "^(?<before>[^/?#]*://[^/?#@:]*):[^/?#]*@",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        MatchTimeout
    );

    /// <exception cref="InvalidReferenceException">The URI can't be added as a reference.</exception>
    public static string Check(string uri) =>
        Fault(uri) is { } fault ? throw new InvalidReferenceException(Redact(uri), fault) : uri;

    /// <summary>Replaces the password of a URI, if it has one, so that the text can be shown.</summary>
    public static string Redact(string uri) => Password.Replace(uri, "${before}:***@", 1);

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
}

/// <summary>The text can't be added as a reference.</summary>
public sealed class InvalidReferenceException(string uri, string fault)
    : ArtifactsException($"Invalid reference '{uri}'. {fault}.", uri)
{
    public override string ErrorId => "InvalidReference";

    public override ErrorKind Kind => ErrorKind.InvalidArgument;
}
