using System.Collections;
using ArtifactsPS.Serialization;
using Newtonsoft.Json.Linq;

namespace ArtifactsPS.Binding;

/// <summary>Converts hashtables of plain values to JSON and back.</summary>
internal static class MetadataConverter
{
    private static readonly PlainData Strict = new(Refuse);

    /// <exception cref="InvalidMetadataException">A value can't be represented in JSON.</exception>
    public static JObject ToJson(IDictionary metadata) => Strict.ToObject(metadata, "", 0);

    /// <param name="isExcluded">Whether to exclude a key and its value, at any depth.</param>
    /// <exception cref="InvalidMetadataException">A value can't be represented in JSON.</exception>
    public static JObject ToJson(IDictionary metadata, Func<string, bool> isExcluded) =>
        new PlainData(Refuse) { IsExcluded = isExcluded }.ToObject(metadata, "", 0);

    public static Hashtable ToHashtable(JObject? json)
    {
        var table = new Hashtable(StringComparer.OrdinalIgnoreCase);
        if (json is not null)
            foreach (var property in json.Properties())
                table[property.Name] = ToValue(property.Value);
        return table;
    }

    private static object? ToValue(JToken token) =>
        token switch
        {
            JObject json => ToHashtable(json),
            JArray array => array.Select(ToValue).ToArray(),
            JValue value => value.Value,
            _ => null,
        };

    private static JToken Refuse(object value, string path, int level) =>
        throw new InvalidMetadataException(
            path,
            $"{value.GetType().Name} is not a plain type; use text, numbers, booleans, dates, lists or hashtables"
        );
}
