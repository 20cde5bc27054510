namespace ArtifactsPS.Core.Values;

/// <summary>Valid name that keeps the case it was given in. Names of one type that differ only in case are equal.</summary>
public abstract class CaseInsensitiveName
{
    private protected const int MaxLength = 128;

    private readonly string _text;

    private protected CaseInsensitiveName(string text) => _text = text;

    /// <summary>Compares the texts of names as the names compare.</summary>
    public static StringComparer Comparer => StringComparer.OrdinalIgnoreCase;

    public sealed override bool Equals(object? obj) =>
        obj is CaseInsensitiveName other && GetType() == other.GetType() && Comparer.Equals(_text, other._text);

    public sealed override int GetHashCode() => Comparer.GetHashCode(_text);

    /// <summary>The name, in the case it was given in.</summary>
    public sealed override string ToString() => _text;

    public static bool operator ==(CaseInsensitiveName? left, CaseInsensitiveName? right) => Equals(left, right);

    public static bool operator !=(CaseInsensitiveName? left, CaseInsensitiveName? right) => !Equals(left, right);

    /// <summary>Reason why a text can't be the name of an artifact or a type; null if it can.</summary>
    private protected static string? FaultOfWord(string text)
    {
        if (text.Length == 0)
            return "It is empty. Use letters, digits, '_', '-' and '.'";
        if (text.Length > MaxLength)
            return TooLong;
        foreach (var c in text)
            if (c is not (>= 'a' and <= 'z' or >= 'A' and <= 'Z' or >= '0' and <= '9' or '_' or '-' or '.'))
                return "Use letters, digits, '_', '-' and '.'";
        return null;
    }

    /// <summary>Reason why a text can't be an alias or a tag; null if it can.</summary>
    private protected static string? FaultOfLabel(string text)
    {
        if (text.Length == 0)
            return "It is empty. Use at least one character";
        if (text.Length > MaxLength)
            return TooLong;
        if (char.IsWhiteSpace(text[0]) || char.IsWhiteSpace(text[text.Length - 1]))
            return "Remove the white space at its start or end";
        for (var i = 0; i < text.Length; i++)
            if (char.IsControl(text[i]))
                return "Remove its control characters";
            else if (text[i] is '/' or ':' or '@')
                return "Remove '/', ':' and '@'";
            else if (char.IsSurrogate(text[i]) && !char.IsSurrogatePair(text, i++))
                return "It isn't valid Unicode (half of a surrogate pair)";
        return null;
    }

    private static string TooLong => $"Use at most {MaxLength} characters";
}
