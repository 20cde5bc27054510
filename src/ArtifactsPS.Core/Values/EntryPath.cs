using System.Text;

namespace ArtifactsPS.Core.Values;

/// <summary>
/// Path of an entry within an artifact: segments joined by <c>/</c> on every system. It can't leave the folder it is
/// restored to: it isn't absolute and has no drive, <c>.</c>, <c>..</c>, empty segment, backslash or control character.
/// Paths are ordered by their UTF-8 bytes.
/// </summary>
public readonly struct EntryPath : IEquatable<EntryPath>, IComparable<EntryPath>
{
    /// <summary>Maximum length in UTF-8 bytes.</summary>
    public const int MaxLength = 4096;

    private readonly string? _text;

    private EntryPath(string text) => _text = text;

    /// <summary>The last segment.</summary>
    public string Name => ToString().Substring(ToString().LastIndexOf('/') + 1);

    /// <summary>Full path of the file of the entry in a folder.</summary>
    public string FileIn(string folder) => Path.Combine(folder, ToString().Replace('/', Path.DirectorySeparatorChar));

    /// <exception cref="InvalidEntryPathException">The text can't be the path of an entry.</exception>
    public static EntryPath Parse(string text) =>
        Fault(text) is { } fault ? throw new InvalidEntryPathException(text, fault) : new EntryPath(text);

    public static bool TryParse(string text, out EntryPath path)
    {
        var valid = Fault(text) is null;
        path = valid ? new EntryPath(text) : default;
        return valid;
    }

    /// <summary>Whether the path is below a folder that ends in <c>/</c>. Every path is below the empty folder.</summary>
    public bool IsBelow(string folder) => ToString().StartsWith(folder, StringComparison.Ordinal);

    /// <inheritdoc/>
    public int CompareTo(EntryPath other) => Compare(ToString(), other.ToString());

    /// <inheritdoc/>
    public bool Equals(EntryPath other) => string.Equals(_text, other._text, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is EntryPath other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(ToString());

    /// <inheritdoc/>
    public override string ToString() => _text ?? "";

    public static bool operator ==(EntryPath left, EntryPath right) => left.Equals(right);

    public static bool operator !=(EntryPath left, EntryPath right) => !left.Equals(right);

    public static bool operator <(EntryPath left, EntryPath right) => left.CompareTo(right) < 0;

    public static bool operator >(EntryPath left, EntryPath right) => left.CompareTo(right) > 0;

    public static bool operator <=(EntryPath left, EntryPath right) => left.CompareTo(right) <= 0;

    public static bool operator >=(EntryPath left, EntryPath right) => left.CompareTo(right) >= 0;

    /// <summary>
    /// Compares paths by their UTF-8 bytes. UTF-16 order differs only for surrogates (U+10000 and up), which it sorts
    /// before U+E000 to U+FFFF; UTF-8 sorts them after.
    /// </summary>
    public static int Compare(string left, string right)
    {
        var i = CommonPrefixLength(left, right);
        if (i == left.Length || i == right.Length)
            return left.Length - right.Length;
        int a = left[i];
        int b = right[i];
        if (a >= 0xD800 && b >= 0xD800)
        {
            a = a >= 0xE000 ? a - 0x800 : a + 0x2000;
            b = b >= 0xE000 ? b - 0x800 : b + 0x2000;
        }
        return a - b;
    }

    private static int CommonPrefixLength(string left, string right)
    {
#if NET
        return left.AsSpan().CommonPrefixLength(right);
#else
        var length = Math.Min(left.Length, right.Length);
        var i = 0;
        while (i < length && left[i] == right[i])
            i++;
        return i;
#endif
    }

    private static string? Fault(string text)
    {
        if (text.Length == 0)
            return "It is empty";
        if (text.Length > MaxLength || Encoding.UTF8.GetByteCount(text) > MaxLength)
            return $"Use at most {MaxLength} bytes";
        if (text[0] == '/')
            return "Use a relative path";
        if (text.Length > 1 && text[1] == ':' && char.IsLetter(text[0]))
            return "Remove the drive";
        var segment = 0;
        for (var i = 0; i <= text.Length; i++)
        {
            if (i == text.Length || text[i] == '/')
            {
                var length = i - segment;
                if (length == 0)
                    return "Remove the empty segment";
                if (text[segment] == '.' && (length == 1 || length == 2 && text[segment + 1] == '.'))
                    return "Remove the segments '.' and '..'";
                segment = i + 1;
            }
            else if (text[i] == '\\')
                return "Use '/' instead of '\\' between segments";
            else if (char.IsControl(text[i]))
                return $"Remove the control character U+{(int)text[i]:X4}";
            else if (char.IsSurrogate(text[i]))
            {
                if (!char.IsHighSurrogate(text[i]) || i + 1 == text.Length || !char.IsLowSurrogate(text[i + 1]))
                    return "It isn't valid Unicode (half of a surrogate pair)";
                i++;
            }
        }
        return null;
    }
}

/// <summary>The text can't be the path of an entry.</summary>
public sealed class InvalidEntryPathException(string path, string fault)
    : ArtifactsException($"Invalid entry path '{path}'. {fault}.", path)
{
    public override string ErrorId => "InvalidEntryPath";

    public override ErrorKind Kind => ErrorKind.InvalidArgument;
}
