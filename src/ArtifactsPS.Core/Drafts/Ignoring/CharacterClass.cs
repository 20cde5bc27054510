namespace ArtifactsPS.Core.Drafts.Ignoring;

/// <summary>A bracket expression of a pattern: <c>[a-z]</c>, <c>[!0-9]</c>, <c>[[:space:]_]</c>.</summary>
internal sealed class CharacterClass
{
    private readonly List<(int First, int Last)> _ranges = [];
    private readonly List<Func<int, bool>> _named = [];
    private bool _negated;

    private CharacterClass() { }

    /// <summary>Reads a class.</summary>
    /// <param name="pattern">The whole pattern.</param>
    /// <param name="at">Index after the opening bracket; on return, index after the closing bracket.</param>
    /// <returns>Null if the expression isn't closed or names an unknown class. Such a pattern matches nothing.</returns>
    public static CharacterClass? Parse(string pattern, ref int at)
    {
        var result = new CharacterClass();
        if (at < pattern.Length && pattern[at] is '!' or '^')
        {
            result._negated = true;
            at++;
        }
        // A closing bracket right after the opening one is a literal.
        for (var first = true; at < pattern.Length; first = false)
        {
            if (pattern[at] == ']' && !first)
            {
                at++;
                return result;
            }
            if (!(IsNamed(pattern, at) ? result.TryAddNamed(pattern, ref at) : result.TryAddRange(pattern, ref at)))
                return null;
        }
        return null;
    }

    public bool Contains(int character) =>
        (
            _ranges.Exists(range => character >= range.First && character <= range.Last)
            || _named.Exists(matches => matches(character))
        ) != _negated;

    private static bool IsNamed(string pattern, int at) =>
        string.CompareOrdinal(pattern, at, "[:", 0, 2) == 0
        && pattern.IndexOf(']', at + 2) is var end and > 0
        && end > at + 2
        && pattern[end - 1] == ':';

    private bool TryAddNamed(string pattern, ref int at)
    {
        var end = pattern.IndexOf(']', at);
        var name = pattern.Substring(at + 2, Math.Max(0, end - at - 3));
        at = end + 1;
        if (Named(name) is not { } matches)
            return false;
        _named.Add(matches);
        return true;
    }

    private bool TryAddRange(string pattern, ref int at)
    {
        if (!TryRead(pattern, ref at, out var first))
            return false;
        var last = first;
        // A dash before the closing bracket is a literal.
        if (at + 1 < pattern.Length && pattern[at] == '-' && pattern[at + 1] != ']')
        {
            at++;
            if (!TryRead(pattern, ref at, out last))
                return false;
        }
        // As in git, the first character of a range also stands for itself, which matters for a reversed range.
        _ranges.Add((first, Math.Max(first, last)));
        return true;
    }

    private static bool TryRead(string pattern, ref int at, out int character)
    {
        if (pattern[at] == '\\')
            at++;
        character = at < pattern.Length ? CodePoint.At(pattern, at) : -1;
        at += CodePoint.Length(character);
        return character >= 0;
    }

    // Classes of the POSIX locale: ASCII only.
    private static Func<int, bool>? Named(string name) =>
        name switch
        {
            "alnum" => c => IsLetter(c) || IsDigit(c),
            "alpha" => IsLetter,
            "blank" => c => c is ' ' or '\t',
            "cntrl" => c => c is < 32 or 127,
            "digit" => IsDigit,
            "graph" => c => c is > 32 and < 127,
            "lower" => c => c is >= 'a' and <= 'z',
            "print" => c => c is >= 32 and < 127,
            "punct" => c => c is > 32 and < 127 && !IsLetter(c) && !IsDigit(c),
            "space" => c => c is ' ' or >= '\t' and <= '\r',
            "upper" => c => c is >= 'A' and <= 'Z',
            "xdigit" => c => IsDigit(c) || c is >= 'a' and <= 'f' or >= 'A' and <= 'F',
            _ => null,
        };

    private static bool IsLetter(int c) => c is >= 'a' and <= 'z' or >= 'A' and <= 'Z';

    private static bool IsDigit(int c) => c is >= '0' and <= '9';
}
