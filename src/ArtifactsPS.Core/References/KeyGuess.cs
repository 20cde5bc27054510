using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.References;

/// <summary>
/// Guesses keys that divide the rest of a listing. Keys with a common beginning are read as numbers, whose digits are the characters at
/// which neighbouring keys differ: decimal digits of numbers and dates, hexadecimal digits of hashes, letters of words. A bad guess
/// costs a request.
/// </summary>
internal static class KeyGuess
{
    private const double BitsOfNumber = 62;

    // A shorter rest isn't worth a request.
    private const int LeastPages = 3;

    /// <summary>Guesses a key after the keys of a page.</summary>
    /// <param name="page">Keys of the newest page, in order.</param>
    /// <param name="end">A key behind the rest, which is divided in the middle; null if none is known.</param>
    /// <param name="leap">Distance of the key in pages, where no end is known.</param>
    /// <returns>A key before the end. Null if the rest seems short, or the keys show no order.</returns>
    public static string? After(IReadOnlyList<string> page, string? end, int leap)
    {
        var digits = DigitsOf(page);
        if (digits.Length < 2)
            return null;
        var (first, last) = (page[0], page[page.Count - 1]);
        var length = (int)(BitsOfNumber / Math.Log(digits.Length, 2));
        var start = StartOf(first, last, end, digits, length);
        if (start > 0 && char.IsHighSurrogate(last[start - 1]))
            start--;
        var (from, to) = (NumberOf(first, start, length, digits), NumberOf(last, start, length, digits));
        var most = end is null ? Power(digits.Length, length) - 1 : NumberOf(end, start, length, digits);
        var (span, rest) = (to - from, most - to);
        if (span <= 0 || rest / span < (end is null ? LeastPages : 2 * LeastPages))
            return null;
        var distance = end is null && rest / 2 / span > leap ? leap * span : rest / 2;
        var guess = last.Substring(0, start) + TextOf(to + distance, length, digits);
        return EntryPath.Compare(guess, last) > 0 && (end is null || EntryPath.Compare(guess, end) < 0) ? guess : null;
    }

    // Sorted. Surrogates have no place of their own in the order of keys.
    private static char[] DigitsOf(IReadOnlyList<string> page)
    {
        var digits = new SortedSet<char>();
        for (var i = 1; i < page.Count; i++)
            if (CommonLength(page[i - 1], page[i]) is var at && at < page[i - 1].Length && at < page[i].Length)
            {
                digits.Add(page[i - 1][at]);
                digits.Add(page[i][at]);
            }
        digits.RemoveWhere(char.IsSurrogate);
        return [.. digits];
    }

    // The number begins where the keys differ. Without an end, digits before also belong to it, because they can change.
    private static int StartOf(string first, string last, string? end, char[] digits, int length)
    {
        var differs = CommonLength(first, last);
        if (end is not null)
            return Math.Min(differs, CommonLength(last, end));
        var start = differs;
        while (start > 0 && Array.BinarySearch(digits, last[start - 1]) >= 0)
            start--;
        return Math.Max(start, differs + LeastPages - length);
    }

    // A missing digit is the first one; a character that is no digit, the next one.
    private static long NumberOf(string key, int start, int length, char[] digits)
    {
        long number = 0;
        for (var i = start; i < start + length; i++)
        {
            var digit = i < key.Length ? Array.BinarySearch(digits, key[i]) : 0;
            number = number * digits.Length + Math.Min(digit < 0 ? ~digit : digit, digits.Length - 1);
        }
        return number;
    }

    private static string TextOf(long number, int length, char[] digits)
    {
        var text = new char[length];
        for (var i = length - 1; i >= 0; i--, number /= digits.Length)
            text[i] = digits[number % digits.Length];
        return new string(text).TrimEnd(digits[0]);
    }

    private static long Power(int number, int exponent)
    {
        long power = 1;
        for (var i = 0; i < exponent; i++)
            power *= number;
        return power;
    }

    private static int CommonLength(string one, string other)
    {
        var length = 0;
        while (length < one.Length && length < other.Length && one[length] == other[length])
            length++;
        return length;
    }
}
