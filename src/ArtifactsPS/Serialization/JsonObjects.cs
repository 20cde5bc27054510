using System.Collections.Specialized;
using System.Globalization;
using System.Management.Automation;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace ArtifactsPS.Serialization;

/// <summary>
/// Objects as JSON: a single object as a value, several as an array. As lines, each is one line. Plain data is written at any
/// depth; properties of other objects down to a given depth.
/// </summary>
/// <param name="isLines">Whether each object is one line.</param>
internal sealed class JsonObjects(bool isLines, int depth, Action truncated) : IObjectSerializer
{
    private const int MaxReadDepth = 64;

    // A key that is repeated would replace the value before it.
    private static readonly JsonLoadSettings Settings = new()
    {
        DuplicatePropertyNameHandling = DuplicatePropertyNameHandling.Error,
    };

    public IObjectWriter CreateWriter() => new JsonObjectWriter(isLines, depth, truncated);

    public IEnumerable<object?> Read(TextReader text)
    {
        // Text in the form of a time stays text.
        using var reader = new JsonTextReader(text)
        {
            MaxDepth = MaxReadDepth,
            DateParseHandling = DateParseHandling.None,
            Culture = CultureInfo.InvariantCulture,
            SupportMultipleContent = isLines,
        };
        if (!Read(reader))
        {
            if (isLines)
                yield break;
            throw new FormatException("there is no JSON value.");
        }
        if (isLines)
        {
            do yield return Load(reader);
            while (Read(reader));
            yield break;
        }
        if (reader.TokenType == JsonToken.StartArray)
        {
            while (Read(reader) && reader.TokenType != JsonToken.EndArray)
                yield return Load(reader);
            if (reader.TokenType != JsonToken.EndArray)
                throw new FormatException("the text ends within an array.");
        }
        else
            yield return Load(reader);
        if (Read(reader))
            throw new FormatException("there is text after the end of the JSON value.");
    }

    private static bool Read(JsonTextReader reader)
    {
        try
        {
            while (reader.Read())
                if (reader.TokenType != JsonToken.Comment)
                    return true;
            return false;
        }
        catch (JsonException e)
        {
            throw new FormatException(e.Message, e);
        }
    }

    private static object? Load(JsonTextReader reader)
    {
        try
        {
            return ToValue(JToken.ReadFrom(reader, Settings));
        }
        catch (JsonException e)
        {
            throw new FormatException(e.Message, e);
        }
    }

    private static object? ToValue(JToken token) =>
        token switch
        {
            JArray array => array.Select(ToValue).ToArray(),
            JObject json => ToObject(json),
            _ => (token as JValue)?.Value,
        };

    // An object of PowerShell can't have names that are empty, reserved, or differ only in case.
    private static object ToObject(JObject json)
    {
        var item = new PSObject();
        var isObject = true;
        foreach (var property in json.Properties())
        {
            isObject =
                isObject
                && property.Name.Length > 0
                && item.Properties[property.Name] is null
                && TryAdd(item, property);
            if (!isObject)
                break;
        }
        if (isObject)
            return item;
        var table = new OrderedDictionary(StringComparer.Ordinal);
        foreach (var property in json.Properties())
            table.Add(property.Name, ToValue(property.Value));
        return table;
    }

    private static bool TryAdd(PSObject item, JProperty property)
    {
        try
        {
            item.Properties.Add(new PSNoteProperty(property.Name, ToValue(property.Value)));
            return true;
        }
        catch (ExtendedTypeSystemException)
        {
            return false;
        }
    }
}
