using System.Globalization;
using System.Text;

namespace ArtifactsPS.Core.Values;

/// <summary>Texts of a store, an archive or a file name, without the characters that control a terminal.</summary>
public static class DisplayText
{
    /// <summary>Replaces control characters, except tabs and line feeds, and characters that change the direction of text, by
    /// escapes such as <c>\u001B</c>.</summary>
    public static string Of(string text)
    {
        var first = 0;
        while (first < text.Length && !IsControl(text[first]))
            first++;
        if (first == text.Length)
            return text;
        var safe = new StringBuilder(text, 0, first, text.Length + 16);
        foreach (var c in text.Skip(first))
            if (IsControl(c))
                safe.Append("\\u").Append(((int)c).ToString("X4", CultureInfo.InvariantCulture));
            else
                safe.Append(c);
        return safe.ToString();
    }

    // Line separators are among the characters of a direction's range.
    private static bool IsControl(char c) =>
        char.IsControl(c)
            ? c is not ('\t' or '\n' or '\r')
            : c is (>= '\u2028' and <= '\u202E') or (>= '\u2066' and <= '\u2069');
}
