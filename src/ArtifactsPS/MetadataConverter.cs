using System.Collections;
using System.Globalization;
using System.Management.Automation;
using Newtonsoft.Json.Linq;

namespace ArtifactsPS;

/// <summary>Turns a hashtable of plain values into JSON and back.</summary>
internal static class MetadataConverter
{
    private const int MaxDepth = 32;

    /// <exception cref="InvalidMetadataException">JSON can't hold a value.</exception>
    public static JObject ToJson(IDictionary metadata) => (JObject)ToToken(metadata, "", 0);

    public static Hashtable ToHashtable(JObject? json)
    {
        var table = new Hashtable(StringComparer.OrdinalIgnoreCase);
        if (json is not null)
            foreach (var property in json.Properties())
                table[property.Name] = ToValue(property.Value);
        return table;
    }

    private static JToken ToToken(object? value, string path, int depth)
    {
        if (depth > MaxDepth)
            throw new InvalidMetadataException(path, $"it is nested more than {MaxDepth} deep, or contains itself");
        if (value is PSObject wrapped)
            value = wrapped.BaseObject is PSCustomObject ? Properties(wrapped) : wrapped.BaseObject;
        return value switch
        {
            null => JValue.CreateNull(),
            string text when !IsUnicode(text) => throw new InvalidMetadataException(path, "it is not valid Unicode"),
            string or bool or char or Guid or Uri or Enum or Version => value is bool flag
                ? new JValue(flag)
                : new JValue(value.ToString()),
            double number when double.IsNaN(number) || double.IsInfinity(number) => throw Unsupported(path, number),
            float number when float.IsNaN(number) || float.IsInfinity(number) => throw Unsupported(path, number),
            double or float or decimal or byte or sbyte or short or ushort or int or uint or long => new JValue(value),
            ulong number => number <= long.MaxValue ? new JValue((long)number) : throw Unsupported(path, number),
            DateTime time => new JValue(time.ToString("o", CultureInfo.InvariantCulture)),
            DateTimeOffset time => new JValue(time.ToString("o", CultureInfo.InvariantCulture)),
            TimeSpan span => new JValue(span.ToString("c", CultureInfo.InvariantCulture)),
            IDictionary table => ToObject(table, path, depth),
            ScriptBlock => throw new InvalidMetadataException(path, "a script block can't be kept as data"),
            IEnumerable items => new JArray(
                items.Cast<object?>().Select((item, i) => ToToken(item, $"{path}[{i}]", depth + 1))
            ),
            _ => throw new InvalidMetadataException(
                path,
                $"a {value.GetType().Name} can't be kept; give text, numbers, booleans, dates, lists or hashtables"
            ),
        };
    }

    private static JObject ToObject(IDictionary table, string path, int depth)
    {
        var json = new JObject();
        foreach (DictionaryEntry item in table)
        {
            var name = item.Key.ToString()!;
            var below = path.Length == 0 ? name : path + "." + name;
            if (!IsUnicode(name))
                throw new InvalidMetadataException(below, "its key is not valid Unicode");
            json[name] = ToToken(item.Value, below, depth + 1);
        }
        return json;
    }

    private static Hashtable Properties(PSObject custom)
    {
        var table = new Hashtable();
        foreach (var property in custom.Properties)
            table[property.Name] = property.Value;
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

    private static bool IsUnicode(string text)
    {
        for (var i = 0; i < text.Length; i++)
            if (char.IsSurrogate(text[i]))
            {
                if (!char.IsHighSurrogate(text[i]) || i + 1 == text.Length || !char.IsLowSurrogate(text[i + 1]))
                    return false;
                i++;
            }
        return true;
    }

    private static InvalidMetadataException Unsupported(string path, object number) =>
        new(path, string.Format(CultureInfo.InvariantCulture, "JSON has no number {0}", number));
}

/// <summary>Metadata that JSON can't hold.</summary>
public sealed class InvalidMetadataException(string path, string fault)
    : ArtifactsException($"The metadata '{path}' can't be kept: {fault}.", path);
