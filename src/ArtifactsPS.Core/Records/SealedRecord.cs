using System.Text;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Values;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace ArtifactsPS.Core.Records;

/// <summary>
/// A JSON document with a checksum, the format of all stored data except content:
/// <c>{"sha256":"…","body":{…}}</c>. The checksum covers the stored bytes of the body.
/// </summary>
internal sealed class SealedRecord
{
    /// <summary>Maximum length in bytes: more than any record needs, and small enough for memory.</summary>
    public const int MaxLength = 512 << 20;

    private const string Before = "{\"sha256\":\"";
    private const string Between = "\",\"body\":";
    private const string After = "}\n";
    private const int HexLength = 2 * Values.Digest.Length;
    private const int MaxDepth = 64;

    private SealedRecord(string body, Digest digest) => (Body, Digest) = (body, digest);

    /// <summary>JSON text of the body.</summary>
    public string Body { get; }

    /// <summary>Checksum of the body.</summary>
    public Digest Digest { get; }

    /// <summary>Encodes a body.</summary>
    public static byte[] Encode(JToken body) => Encode(body.ToString(Formatting.None));

    /// <summary>Encodes a body given as JSON text.</summary>
    public static byte[] Encode(string body)
    {
        var digest = Sha256.Of(Encoding.UTF8.GetBytes(body));
        return Encoding.UTF8.GetBytes(Before + digest.Hex + Between + body + After);
    }

    /// <summary>Decodes a record and checks its checksum.</summary>
    /// <exception cref="InvalidDataException">The bytes are not a record, or are damaged.</exception>
    public static SealedRecord Decode(byte[] bytes)
    {
        var start = Before.Length + HexLength + Between.Length;
        var length = bytes.Length - start - After.Length;
        if (
            length < 2
            || Ascii(bytes, 0, Before.Length) != Before
            || Ascii(bytes, Before.Length + HexLength, Between.Length) != Between
            || Ascii(bytes, start + length, After.Length) != After
            || !Digest.TryParseHex(Ascii(bytes, Before.Length, HexLength).AsSpan(), out var digest)
        )
            throw new InvalidDataException("it is not a sealed record");
        if (Sha256.Of(bytes, start, length) != digest)
            throw new InvalidDataException("its checksum does not match");
        return new SealedRecord(Encoding.UTF8.GetString(bytes, start, length), digest);
    }

    /// <summary>Reads a record from a store.</summary>
    /// <returns>Null if the key does not exist.</returns>
    /// <exception cref="ObjectCorruptException">The record is damaged.</exception>
    public static Task<SealedRecord?> ReadAsync(IObjectStore store, string key, CancellationToken cancellationToken) =>
        ReadAsync(store, key, MaxLength, Decode, cancellationToken);

    /// <summary>Reads and decodes the value of a key.</summary>
    /// <param name="maxLength">Maximum number of bytes that are read.</param>
    /// <param name="decode">Throws <see cref="InvalidDataException"/> for invalid bytes.</param>
    /// <returns>Null if the key does not exist.</returns>
    /// <exception cref="ObjectCorruptException">The bytes are invalid.</exception>
    internal static async Task<T?> ReadAsync<T>(
        IObjectStore store,
        string key,
        long maxLength,
        Func<byte[], T> decode,
        CancellationToken cancellationToken
    )
        where T : class
    {
        using var stream = await store.OpenReadAsync(key, 0, maxLength, cancellationToken).ConfigureAwait(false);
        if (stream is null)
            return null;
        var bytes = new MemoryStream();
        await stream.CopyToAsync(bytes, 81920, cancellationToken).ConfigureAwait(false);
        try
        {
            return decode(bytes.ToArray());
        }
        catch (InvalidDataException e)
        {
            throw new ObjectCorruptException(store.Location, key, e.Message);
        }
    }

    /// <summary>Parses the body.</summary>
    /// <exception cref="InvalidDataException">The body is not a JSON object.</exception>
    public JObject ToJson() => Parse(Body);

    /// <summary>Parses a JSON object of limited depth. Type names and dates in texts have no special meaning.</summary>
    /// <exception cref="InvalidDataException">The text is not a JSON object.</exception>
    public static JObject Parse(string text)
    {
        try
        {
            using var json = new JsonTextReader(new StringReader(text))
            {
                DateParseHandling = DateParseHandling.None,
                MaxDepth = MaxDepth,
            };
            return JObject.Load(json, new JsonLoadSettings { CommentHandling = CommentHandling.Ignore });
        }
        catch (JsonException e)
        {
            throw new InvalidDataException(e.Message, e);
        }
    }

    private static string Ascii(byte[] bytes, int start, int count) => Encoding.ASCII.GetString(bytes, start, count);
}
