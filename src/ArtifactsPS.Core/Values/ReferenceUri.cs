using System.Text.RegularExpressions;

namespace ArtifactsPS.Core.Values;

/// <summary>What an entry can refer to: an absolute URI without secrets.</summary>
public static class ReferenceUri
{
    private const int MaxLength = 8192;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    // A scheme, and something after it (RFC 3986, 3.1).
    private static readonly Regex Form = new(
        "^[A-Za-z][A-Za-z0-9+.-]*:.",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        Patience
    );

    // The user info of an authority, as far as it says more than who.
    private static readonly Regex Password = new(
        "^(?<before>[^/?#]*://[^/?#@:]*):[^/?#]*@",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        Patience
    );

    /// <summary>Checks a URI.</summary>
    /// <exception cref="InvalidReferenceException">An entry can't refer to it.</exception>
    public static string Check(string uri) =>
        Fault(uri) is { } fault ? throw new InvalidReferenceException(Redact(uri), fault) : uri;

    /// <summary>A text as it can be shown: without the password, if it is a URI that has one.</summary>
    public static string Redact(string uri) => Password.Replace(uri, "${before}:***@", 1);

    private static string? Fault(string uri)
    {
        if (uri.Length > MaxLength)
            return $"it is longer than {MaxLength} characters";
        for (var i = 0; i < uri.Length; i++)
            if (char.IsControl(uri[i]))
                return $"it has the control character U+{(int)uri[i]:X4}";
            else if (char.IsSurrogate(uri[i]) && !char.IsSurrogatePair(uri, i++))
                return "it isn't valid Unicode (half of a surrogate pair)";
        if (!Form.IsMatch(uri))
            return "it is no absolute URI";
        return Password.IsMatch(uri)
            ? "it holds a password, which everyone could read who can read the store; give it without"
            : null;
    }
}

/// <summary>Something that an entry can't refer to.</summary>
public sealed class InvalidReferenceException(string uri, string fault)
    : ArtifactsException($"'{uri}' can't be added as a reference: {fault}.", uri)
{
    public override string ErrorId => "InvalidReference";

    public override ErrorKind Kind => ErrorKind.InvalidArgument;
}
