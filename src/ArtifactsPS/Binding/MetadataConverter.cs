using System.Collections;
using ArtifactsPS.Serialization;
using Newtonsoft.Json.Linq;

namespace ArtifactsPS.Binding;

/// <summary>Turns a hashtable of plain values into JSON and back.</summary>
internal static class MetadataConverter
{
    private static readonly PlainData Strict = new(Refuse);

    /// <exception cref="InvalidMetadataException">JSON can't hold a value.</exception>
    public static JObject ToJson(IDictionary metadata) => Strict.ToObject(metadata, "", 0);

    /// <param name="metadata">The values.</param>
    /// <param name="isExcluded">Whether to leave out what a key names, at any depth and whatever it is.</param>
    /// <exception cref="InvalidMetadataException">JSON can't hold a value.</exception>
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
            $"a {value.GetType().Name} is no plain value; give text, numbers, booleans, dates, lists or hashtables"
        );
}
