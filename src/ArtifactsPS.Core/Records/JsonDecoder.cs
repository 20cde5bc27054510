using ArtifactsPS.Core.Values;
using Newtonsoft.Json;

namespace ArtifactsPS.Core.Records;

/// <summary>Parses JSON token by token, for data that is too large for <see cref="RecordFields"/>. Known properties must be valid;
/// unknown ones are ignored.</summary>
internal abstract class JsonDecoder(JsonTextReader json)
{
    /// <summary>The current token.</summary>
    protected JsonTextReader Json { get; } = json;

    protected JsonToken Next()
    {
        while (Json.Read())
            if (Json.TokenType != JsonToken.Comment)
                return Json.TokenType;
        throw Fault("the JSON ends early");
    }

    protected string Text()
    {
        Expect(Next(), JsonToken.String);
        return (string)Json.Value!;
    }

    /// <summary>An integer from 0 to <paramref name="max"/>.</summary>
    protected long Number(long max)
    {
        Expect(Next(), JsonToken.Integer);
        return Json.Value is long value && value >= 0 && value <= max
            ? value
            : throw Fault($"the number {Json.Value} is out of range");
    }

    protected Digest DigestOf(string hex) =>
        Digest.TryParseHex(hex.AsSpan(), out var digest) ? digest : throw Fault($"'{hex}' is not a SHA-256 digest");

    /// <summary>Reads an array whose items are objects.</summary>
    /// <param name="readItem">Reads an item, up to the end of its object.</param>
    protected List<T> ReadArray<T>(Func<T> readItem)
    {
        var items = new List<T>();
        Expect(Next(), JsonToken.StartArray);
        while (Next() == JsonToken.StartObject)
            items.Add(readItem());
        Expect(Json.TokenType, JsonToken.EndArray);
        return items;
    }

    /// <summary>Reads an array of texts.</summary>
    protected List<T> ReadTexts<T>(Func<string, T> convert)
    {
        var items = new List<T>();
        Expect(Next(), JsonToken.StartArray);
        while (Next() == JsonToken.String)
            items.Add(convert((string)Json.Value!));
        Expect(Json.TokenType, JsonToken.EndArray);
        return items;
    }

    protected void Expect(JsonToken actual, JsonToken expected)
    {
        if (actual != expected)
            throw Fault($"expected {expected}, but found {actual}");
    }

    protected JsonReaderException Fault(string problem) =>
        new($"{problem} (line {Json.LineNumber}, column {Json.LinePosition})");
}
