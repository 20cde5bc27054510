using System.Buffers.Binary;
using System.Text;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Manifests;

/// <summary>
/// Reference to an external resource. The end of its URI that is also the end of its path is not stored again, the beginning is shared
/// with the instance created before, and texts are bytes.
/// </summary>
internal sealed class ReferenceEntry : ManifestEntry
{
    private const int HexDigits = 32;
    private const byte NoETag = 0;
    private const byte HexETag = 1;
    private const byte TextETag = 2;
    private const int LengthOfLength = sizeof(ushort);
    private const string Digits = "0123456789abcdef";
    private const long NoTime = long.MinValue;

    [ThreadStatic]
    private static string? _lastStart;

    private readonly string _start;
    private readonly byte[] _texts;
    private readonly long _modified;

    // Few references have one.
    private readonly object? _digest;
    private readonly int _endInPath;

    /// <param name="uri">Checked URI.</param>
    /// <param name="properties">Checked properties.</param>
    public ReferenceEntry(EntryPath path, string uri, Digest? digest, TargetProperties properties)
        : base(path, properties.Size)
    {
        _endInPath = CommonEnd(uri, path.ToString());
        _start = StartOf(uri, uri.Length - _endInPath);
        _texts = Pack(properties.ETag, properties.VersionId);
        _modified = properties.LastModified?.ToUnixTimeSeconds() ?? NoTime;
        _digest = digest;
    }

    public override Digest? Digest => (Digest?)_digest;

    public override string Uri
    {
        get
        {
            var path = Path.ToString();
            return _endInPath == 0 ? _start : _start + path.Substring(path.Length - _endInPath);
        }
    }

    public override TargetProperties Target =>
        new()
        {
            Size = Size,
            ETag = ETag,
            VersionId = VersionId,
            LastModified = _modified == NoTime ? null : DateTimeOffset.FromUnixTimeSeconds(_modified),
        };

    public override ManifestEntry At(EntryPath path) => new ReferenceEntry(path, Uri, Digest, Target);

    private string? ETag =>
        _texts.Length == 0 || _texts[0] == NoETag ? null
        : _texts[0] == HexETag ? ToHex(_texts.AsSpan(1, HexDigits / 2))
        : TextOf(1 + LengthOfLength, LengthOfETag);

    private string? VersionId
    {
        get
        {
            var start =
                _texts.Length == 0 || _texts[0] == NoETag ? 1
                : _texts[0] == HexETag ? 1 + HexDigits / 2
                : 1 + LengthOfLength + LengthOfETag;
            return start >= _texts.Length ? null : TextOf(start, _texts.Length - start);
        }
    }

    private int LengthOfETag => BinaryPrimitives.ReadUInt16BigEndian(_texts.AsSpan(1));

    private string TextOf(int start, int length) => Encoding.UTF8.GetString(_texts, start, length);

    // The form of the ETag, the ETag, and the version id. Most ETags are hexadecimal digits.
    private static byte[] Pack(string? etag, string? versionId)
    {
        if (etag is null && versionId is null)
            return [];
        var isHex = etag is { Length: HexDigits } && IsHex(etag);
        var length =
            etag is null ? 0
            : isHex ? HexDigits / 2
            : LengthOfLength + Encoding.UTF8.GetByteCount(etag);
        var texts = new byte[1 + length + (versionId is null ? 0 : Encoding.UTF8.GetByteCount(versionId))];
        texts[0] =
            etag is null ? NoETag
            : isHex ? HexETag
            : TextETag;
        if (isHex)
            for (var i = 0; i < length; i++)
                texts[1 + i] = (byte)((DigitOf(etag![2 * i]) << 4) | DigitOf(etag[2 * i + 1]));
        else if (etag is not null)
        {
            BinaryPrimitives.WriteUInt16BigEndian(texts.AsSpan(1), (ushort)(length - LengthOfLength));
            Encoding.UTF8.GetBytes(etag, 0, etag.Length, texts, 1 + LengthOfLength);
        }
        if (versionId is not null)
            Encoding.UTF8.GetBytes(versionId, 0, versionId.Length, texts, 1 + length);
        return texts;
    }

    private static bool IsHex(string text)
    {
        foreach (var c in text)
            if (DigitOf(c) < 0)
                return false;
        return true;
    }

    private static int DigitOf(char c) => Digits.IndexOf(c);

    private static string ToHex(ReadOnlySpan<byte> bytes)
    {
        var hex = new char[2 * bytes.Length];
        for (var i = 0; i < hex.Length; i++)
            hex[i] = Digits[(i & 1) == 0 ? bytes[i / 2] >> 4 : bytes[i / 2] & 15];
        return new string(hex);
    }

    // Targets that are added or read together mostly begin alike.
    private static string StartOf(string uri, int length)
    {
        if (length == uri.Length)
            return uri;
        if (_lastStart is not { } last || last.Length != length || string.CompareOrdinal(last, 0, uri, 0, length) != 0)
            _lastStart = last = uri.Substring(0, length);
        return last;
    }

    private static int CommonEnd(string uri, string path)
    {
        var length = 0;
        while (
            length < path.Length
            && length < uri.Length
            && uri[uri.Length - 1 - length] == path[path.Length - 1 - length]
        )
            length++;
        return length;
    }
}
