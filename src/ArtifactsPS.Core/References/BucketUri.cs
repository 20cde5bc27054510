using System.Text;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.References;

/// <summary>
/// URI of a target in a bucket: <c>scheme://root/key?versionId=…</c>. The key may have any characters. Only <c>%</c>,
/// <c>?</c>, <c>#</c> and control characters are written as <c>%</c> and two hexadecimal digits (RFC 3986, 2.1); all others are
/// also accepted in this form.
/// </summary>
public sealed class BucketUri
{
    private const string SchemeEnd = "://";
    private const string Version = "versionId";

    private static readonly UTF8Encoding StrictUtf8 = new(
        encoderShouldEmitUTF8Identifier: false,
        throwOnInvalidBytes: true
    );

    private BucketUri(string scheme, string root, string key, string? versionId) =>
        (Scheme, Root, Key, VersionId) = (scheme, root, key, versionId);

    /// <summary>Scheme in lower case.</summary>
    public string Scheme { get; }

    /// <summary>The part before the key, for example a bucket.</summary>
    public string Root { get; }

    /// <summary>Key, unescaped: all that follows the root and a <c>/</c>. Empty if there is nothing.</summary>
    public string Key { get; }

    /// <summary>Version of the target that the URI names; null for the current one.</summary>
    public string? VersionId { get; }

    /// <summary>Parses a URI.</summary>
    /// <exception cref="InvalidReferenceException">The URI has not this form.</exception>
    public static BucketUri Parse(string uri)
    {
        var (scheme, place) = Split(uri);
        if (place.IndexOf('#') >= 0)
            throw new InvalidReferenceException(uri, "Write '#' in a key as %23");
        var query = place.IndexOf('?');
        var path = query < 0 ? place : place.Substring(0, query);
        var slash = path.IndexOf('/');
        return new BucketUri(
            scheme,
            slash < 0 ? path : path.Substring(0, slash),
            slash < 0 ? "" : Unescape(path.Substring(slash + 1), uri),
            query < 0 ? null : VersionOf(place.Substring(query + 1), uri)
        );
    }

    /// <summary>Writes the URI of another key in the same place.</summary>
    public string With(string key) => $"{Scheme}{SchemeEnd}{Root}/{Escape(key)}";

    /// <summary>Moves the first part of the key to the root: for services whose buckets have two parts.</summary>
    /// <returns>Null if the key has no first part.</returns>
    public BucketUri? Deeper()
    {
        var slash = Key.IndexOf('/');
        var first = slash < 0 ? Key : Key.Substring(0, slash);
        return first.Length == 0
            ? null
            : new BucketUri(Scheme, $"{Root}/{first}", slash < 0 ? "" : Key.Substring(slash + 1), VersionId);
    }

    /// <summary>Splits a URI after its scheme, which is returned in lower case.</summary>
    /// <exception cref="InvalidReferenceException">The URI has no authority.</exception>
    internal static (string Scheme, string Place) Split(string uri)
    {
        var end = uri.IndexOf(SchemeEnd, StringComparison.Ordinal);
#pragma warning disable CA1308 // A scheme is lower-case by convention.
        return end <= 0
            ? throw new InvalidReferenceException(uri, "Use the form scheme://bucket/key")
            : (uri.Substring(0, end).ToLowerInvariant(), uri.Substring(end + SchemeEnd.Length));
#pragma warning restore CA1308
    }

    private static string Escape(string key)
    {
        StringBuilder? escaped = null;
        for (var i = 0; i < key.Length; i++)
            if (key[i] is '%' or '?' or '#' || char.IsControl(key[i]))
            {
                escaped ??= new StringBuilder(key, 0, i, key.Length + 16);
                foreach (var one in StrictUtf8.GetBytes(key.Substring(i, 1)))
                    escaped.Append('%').Append(one.ToString("X2", System.Globalization.CultureInfo.InvariantCulture));
            }
            else
                escaped?.Append(key[i]);
        return escaped?.ToString() ?? key;
    }

    private static string Unescape(string text, string uri)
    {
        if (text.IndexOf('%') < 0)
            return text;
        var bytes = new List<byte>(text.Length);
        try
        {
            for (var i = 0; i < text.Length; i++)
                if (text[i] != '%')
                    bytes.AddRange(
                        StrictUtf8.GetBytes(
                            char.IsSurrogatePair(text, i) ? text.Substring(i++, 2) : text.Substring(i, 1)
                        )
                    );
                // A percent sign that escapes nothing is itself.
                else if (i + 2 < text.Length && DigitOf(text[i + 1]) is { } high && DigitOf(text[i + 2]) is { } low)
                {
                    bytes.Add((byte)((high << 4) | low));
                    i += 2;
                }
                else
                    bytes.Add((byte)'%');
            return StrictUtf8.GetString([.. bytes]);
        }
        catch (Exception e) when (e is DecoderFallbackException or EncoderFallbackException)
        {
            throw new InvalidReferenceException(uri, "Its escaped characters aren't UTF-8. Write '%' in a key as %25");
        }
    }

    private static int? DigitOf(char c) =>
        c switch
        {
            >= '0' and <= '9' => c - '0',
            >= 'A' and <= 'F' => c - 'A' + 10,
            >= 'a' and <= 'f' => c - 'a' + 10,
            _ => null,
        };

    private static string? VersionOf(string query, string uri)
    {
        var equals = query.IndexOf('=');
        return
            equals > 0
            && query.Substring(0, equals).Equals(Version, StringComparison.OrdinalIgnoreCase)
            && query.IndexOf('&') < 0
            && equals + 1 < query.Length
            ? Unescape(query.Substring(equals + 1), uri)
            : throw new InvalidReferenceException(
                ReferenceUri.Redact(uri.Substring(0, uri.IndexOf('?'))),
                $"Use ?{Version}=… or no query. Write '?' in a key as %3F. A server, region or profile is taken from the "
                    + "environment, or from a registered store in the same place"
            );
    }
}
