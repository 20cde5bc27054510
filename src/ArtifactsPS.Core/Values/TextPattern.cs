using System.Diagnostics.CodeAnalysis;

namespace ArtifactsPS.Core.Values;

/// <summary>Pattern for whole texts: <c>*</c> matches any characters, <c>?</c> one character, ignoring case. It has no other
/// special characters, so that a stored pattern means the same in every program.</summary>
public sealed class TextPattern
{
    private const int MaxLength = 256;

    private readonly string _text;

    private TextPattern(string text) => _text = text;

    /// <summary>Matches every text.</summary>
    public static TextPattern Any { get; } = new("*");

    /// <summary>Whether the pattern matches every text.</summary>
    public bool IsAny => _text == "*";

    /// <summary>Whether the pattern matches one text only.</summary>
    public bool IsLiteral => _text.IndexOfAny(['*', '?']) < 0;

    /// <summary>Parses a pattern of 1 to 256 characters, without <c>[</c>, <c>]</c>, <c>`</c> and control characters.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out TextPattern? pattern)
    {
        var isValid =
            text is { Length: > 0 and <= MaxLength } && !text.Any(c => c is '[' or ']' or '`' || char.IsControl(c));
        pattern = isValid ? new TextPattern(text!) : null;
        return isValid;
    }

    /// <summary>Whether the pattern matches a text. Costs at most the product of both lengths.</summary>
    public bool Matches(string text)
    {
        var (at, next) = (0, 0);
        // Position after the last asterisk, and the end of the text that it matches so far.
        var (afterStar, starEnd) = (-1, 0);
        while (at < text.Length)
            if (next < _text.Length && _text[next] == '*')
                (afterStar, starEnd) = (++next, at);
            else if (next < _text.Length && (_text[next] == '?' || AreSame(_text[next], text[at])))
                (at, next) = (at + 1, next + 1);
            else if (afterStar >= 0)
                (at, next) = (++starEnd, afterStar);
            else
                return false;
        while (next < _text.Length && _text[next] == '*')
            next++;
        return next == _text.Length;
    }

    /// <inheritdoc/>
    public override bool Equals(object? obj) =>
        obj is TextPattern other && StringComparer.OrdinalIgnoreCase.Equals(_text, other._text);

    /// <inheritdoc/>
    public override int GetHashCode() => StringComparer.OrdinalIgnoreCase.GetHashCode(_text);

    /// <summary>The pattern, in the case it was given in.</summary>
    public override string ToString() => _text;

    private static bool AreSame(char left, char right) =>
        left == right || char.ToUpperInvariant(left) == char.ToUpperInvariant(right);
}
