using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace ArtifactsPS.Core.Values;

/// <summary>A SHA-256 digest, written <c>sha256:</c> and 64 lower-case hex digits.</summary>
public readonly struct Digest : IEquatable<Digest>
{
    /// <summary>Length of a digest in bytes.</summary>
    public const int Length = 32;

    private const string Scheme = "sha256:";
    private const string HexDigits = "0123456789abcdef";
    private static readonly sbyte[] Nibbles = CreateNibbles();

    private readonly ulong _a;
    private readonly ulong _b;
    private readonly ulong _c;
    private readonly ulong _d;

    /// <summary>Orders digests as their hex digits are ordered.</summary>
    public static IComparer<Digest> Order { get; } = Comparer<Digest>.Create(Compare);

    /// <summary>Digest of empty content.</summary>
    public static Digest OfNothing { get; } = Sha256.Of([]);

    /// <summary>Creates a digest from the 32 bytes that SHA-256 returns.</summary>
    public Digest(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Length)
            throw new ArgumentException("A SHA-256 digest has 32 bytes.", nameof(bytes));
        _a = BinaryPrimitives.ReadUInt64BigEndian(bytes);
        _b = BinaryPrimitives.ReadUInt64BigEndian(bytes.Slice(8));
        _c = BinaryPrimitives.ReadUInt64BigEndian(bytes.Slice(16));
        _d = BinaryPrimitives.ReadUInt64BigEndian(bytes.Slice(24));
    }

    /// <summary>The 64 hex digits, without <c>sha256:</c>.</summary>
    public string Hex => Format("");

    /// <summary>First byte of the hash. It is uniformly distributed, so it can serve as a partition key.</summary>
    internal byte FirstByte => (byte)(_a >> 56);

    /// <summary>First eight bytes of the hash, as a big-endian number.</summary>
    internal ulong FirstNumber => _a;

    /// <summary>Second eight bytes of the hash, as a big-endian number.</summary>
    internal ulong SecondNumber => _b;

    /// <summary>A part of the hash.</summary>
    /// <param name="index">Index of the part, from 0 to 7.</param>
    internal uint Word(int index)
    {
        var pair = (index >> 1) switch
        {
            0 => _a,
            1 => _b,
            2 => _c,
            _ => _d,
        };
        return (uint)((index & 1) == 0 ? pair >> 32 : pair);
    }

    /// <summary>Copies the 32 bytes to a span.</summary>
    public void CopyTo(Span<byte> target)
    {
        BinaryPrimitives.WriteUInt64BigEndian(target, _a);
        BinaryPrimitives.WriteUInt64BigEndian(target.Slice(8), _b);
        BinaryPrimitives.WriteUInt64BigEndian(target.Slice(16), _c);
        BinaryPrimitives.WriteUInt64BigEndian(target.Slice(24), _d);
    }

    /// <summary>Parses <c>sha256:…</c>; hex digits may be upper case.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out Digest digest)
    {
        digest = default;
        return text is not null
            && text.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            && TryParseHex(text.Substring(Scheme.Length).ToLowerInvariant().AsSpan(), out digest);
    }

    /// <summary>Parses 64 hex digits in lower case. Stored digests have no other form, so that each change of a stored text
    /// is found.</summary>
    public static bool TryParseHex(ReadOnlySpan<char> hex, out Digest digest)
    {
        digest = default;
        if (hex.Length != 2 * Length)
            return false;
        Span<byte> bytes = stackalloc byte[Length];
        var invalid = 0;
        for (var i = 0; i < Length; i++)
        {
            var high = Nibble(hex[2 * i]);
            var low = Nibble(hex[2 * i + 1]);
            invalid |= high | low;
            bytes[i] = (byte)(high << 4 | low);
        }
        if (invalid < 0)
            return false;
        digest = new Digest(bytes);
        return true;
    }

    /// <inheritdoc/>
    public bool Equals(Digest other) => _a == other._a && _b == other._b && _c == other._c && _d == other._d;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Digest other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => (int)_a;

    /// <inheritdoc/>
    public override string ToString() => Format(Scheme);

    public static bool operator ==(Digest left, Digest right) => left.Equals(right);

    public static bool operator !=(Digest left, Digest right) => !left.Equals(right);

    private string Format(string prefix)
    {
        Span<byte> bytes = stackalloc byte[Length];
        CopyTo(bytes);
        Span<char> text = stackalloc char[prefix.Length + 2 * Length];
        prefix.AsSpan().CopyTo(text);
        var at = prefix.Length;
        foreach (var value in bytes)
        {
            text[at++] = HexDigits[value >> 4];
            text[at++] = HexDigits[value & 15];
        }
        return text.ToString();
    }

    private static int Compare(Digest left, Digest right)
    {
        var order = left._a.CompareTo(right._a);
        if (order == 0)
            order = left._b.CompareTo(right._b);
        if (order == 0)
            order = left._c.CompareTo(right._c);
        return order != 0 ? order : left._d.CompareTo(right._d);
    }

    // A table: branches on hex digits are unpredictable.
    private static int Nibble(char c) => c < Nibbles.Length ? Nibbles[c] : -1;

    private static sbyte[] CreateNibbles()
    {
        var nibbles = Enumerable.Repeat((sbyte)-1, 'f' + 1).ToArray();
        for (var i = 0; i < HexDigits.Length; i++)
            nibbles[HexDigits[i]] = (sbyte)i;
        return nibbles;
    }
}
