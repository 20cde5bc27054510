using Newtonsoft.Json.Linq;

namespace ArtifactsPS.Core.Values;

/// <summary>Reads properties of JSON objects, and checks their kinds.</summary>
internal static class JsonProperties
{
    public static T Required<T>(this JObject json, string name)
        where T : JToken => json[name] as T ?? throw Fault(name);

    public static string RequiredText(this JObject json, string name) => json.OptionalText(name) ?? throw Fault(name);

    public static string? OptionalText(this JObject json, string name) =>
        json[name] is JValue { Type: JTokenType.String } value ? (string?)value : null;

    public static long RequiredNumber(this JObject json, string name, long max = long.MaxValue) =>
        json[name] is JValue { Type: JTokenType.Integer, Value: long value and >= 0 } && value <= max
            ? value
            : throw Fault(name);

    public static Digest RequiredDigest(this JObject json, string name) =>
        Digest.TryParseHex(json.RequiredText(name).AsSpan(), out var digest) ? digest : throw Fault(name);

    private static InvalidDataException Fault(string name) => new($"'{name}' is missing or invalid");
}
