using System.Text;
#if NET
using System.Buffers;
#endif

namespace ArtifactsPS.Core.FileSystem;

/// <summary>
/// Names of files on Linux, which are bytes and need not be UTF-8. In a string, a byte that is not part of valid UTF-8 is the
/// lone surrogate U+DC00 plus the byte, as in Python (PEP 383). So each name has one string, and no valid name has a lone
/// surrogate.
/// </summary>
internal static class LinuxFileName
{
    private const char FirstEscape = '\uDC80';
    private const char LastEscape = '\uDCFF';
    private const int EscapeBase = 0xDC00;

#if NET
    // In code that was compiled ahead of time, IndexOfAnyInRange allocates two objects for each call.
    private static readonly SearchValues<char> Escapes = SearchValues.Create([
        .. Enumerable.Range(FirstEscape, LastEscape - FirstEscape + 1).Select(code => (char)code),
    ]);
#endif
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    /// <summary>Converts a name to a string.</summary>
    public static unsafe string Decode(byte* name, int length)
    {
        var text = Encoding.UTF8.GetString(name, length);
        // The replacement character appears for invalid bytes, and rarely for itself.
        return text.IndexOf('\uFFFD') < 0 ? text : DecodeBytes(new ReadOnlySpan<byte>(name, length).ToArray());
    }

    /// <inheritdoc cref="Decode(byte*, int)"/>
    public static unsafe string Decode(byte[] name)
    {
        fixed (byte* start = name)
            return Decode(start, name.Length);
    }

    /// <summary>Converts a path to bytes that end with a zero.</summary>
    public static byte[] Encode(string path)
    {
        if (HasEscape(path))
            return EncodeEscaped(path);
        var bytes = new byte[Encoding.UTF8.GetByteCount(path) + 1];
        Encoding.UTF8.GetBytes(path, 0, path.Length, bytes, 0);
        return bytes;
    }

    /// <summary>Whether a path has bytes that are not UTF-8.</summary>
    public static bool HasEscape(string path)
    {
#if NET
        var at = path.AsSpan().IndexOfAny(Escapes);
#else
        var at = 0;
        while (at < path.Length && path[at] is not (>= FirstEscape and <= LastEscape))
            at++;
        if (at == path.Length)
            return false;
#endif
        // The second half of a valid pair may be in the same range.
        for (; at >= 0 && at < path.Length; at++)
            if (IsEscape(path, at))
                return true;
        return false;
    }

    /// <summary>Returns a path for people: a byte that is not UTF-8 is shown as <c>\xE9</c>.</summary>
    public static string Display(string path)
    {
        if (!HasEscape(path))
            return path;
        var text = new StringBuilder();
        for (var i = 0; i < path.Length; i++)
            if (IsEscape(path, i))
                text.Append(FormattableString.Invariant($"\\x{path[i] - EscapeBase:X2}"));
            else
                text.Append(path[i]);
        return text.ToString();
    }

    private static bool IsEscape(string path, int index) =>
        path[index] is >= FirstEscape and <= LastEscape && (index == 0 || !char.IsHighSurrogate(path[index - 1]));

    private static byte[] EncodeEscaped(string path)
    {
        var bytes = new List<byte>(path.Length + 1);
        var start = 0;
        for (var i = 0; i <= path.Length; i++)
            if (i == path.Length || IsEscape(path, i))
            {
                bytes.AddRange(Encoding.UTF8.GetBytes(path.Substring(start, i - start)));
                if (i < path.Length)
                    bytes.Add((byte)(path[i] - EscapeBase));
                start = i + 1;
            }
        bytes.Add(0);
        return [.. bytes];
    }

    private static string DecodeBytes(byte[] name)
    {
        var text = new StringBuilder(name.Length);
        for (var i = 0; i < name.Length; )
        {
            var length = LengthOfCharacter(name, i);
            if (length > 0)
                text.Append(Strict.GetString(name, i, length));
            else
                text.Append((char)(EscapeBase + name[i]));
            i += Math.Max(length, 1);
        }
        return text.ToString();
    }

    // 0 if the bytes are no valid character.
    private static int LengthOfCharacter(byte[] name, int at)
    {
        var length = name[at] switch
        {
            < 0x80 => 1,
            >= 0xC2 and < 0xE0 => 2,
            >= 0xE0 and < 0xF0 => 3,
            >= 0xF0 and < 0xF5 => 4,
            _ => 0,
        };
        if (length == 0 || at + length > name.Length)
            return 0;
        try
        {
            _ = Strict.GetCharCount(name, at, length);
            return length;
        }
        catch (DecoderFallbackException)
        {
            return 0;
        }
    }
}
