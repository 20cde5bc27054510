using System.Management.Automation;
using System.Text;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace ArtifactsPS.Serialization;

/// <summary>
/// Objects as JSON: a single object as a value, several as an array. Plain data is written at any depth; properties of
/// other objects down to a given depth.
/// </summary>
internal sealed class JsonObjects : IObjectSerializer
{
    private const int MaxReadDepth = 64;

    private readonly int _depth;
    private readonly Action _truncated;
    private readonly PlainData _data;
    private int _nesting;

    public JsonObjects(int depth, Action truncated)
    {
        _depth = depth;
        _truncated = truncated;
        _data = new PlainData(Expand);
    }

    public byte[] Write(IReadOnlyList<object?> objects)
    {
        JToken json =
            objects.Count == 1
                ? _data.ToToken(objects[0], "", 0)
                : new JArray(objects.Select((item, i) => _data.ToToken(item, $"[{i}]", 0)));
        return Encoding.UTF8.GetBytes(json.ToString(Formatting.Indented).Replace("\r\n", "\n") + "\n");
    }

    public IEnumerable<object?> Read(TextReader text)
    {
        JToken json;
        try
        {
            // Strings in the form of a time become times, as in ConvertFrom-Json.
            using var reader = new JsonTextReader(text) { MaxDepth = MaxReadDepth };
            json = JToken.ReadFrom(reader);
            if (reader.Read())
                throw new FormatException("there is text after the end of the JSON value.");
        }
        catch (JsonException e)
        {
            throw new FormatException(e.Message, e);
        }
        return json is JArray array ? array.Select(ToValue) : [ToValue(json)];
    }

    private JToken Expand(object value, string path, int level)
    {
        if (value is Type or Delegate or IntPtr or UIntPtr)
            return new JValue(value.ToString());
        if (_nesting > _depth)
        {
            _truncated();
            return new JValue(value.ToString());
        }
        _nesting++;
        var record = new JObject();
        foreach (var property in ObjectFormats.RecordOf(value)!)
            record[property.Key] = _data.ToToken(property.Value, $"{path}.{property.Key}".TrimStart('.'), level + 1);
        _nesting--;
        return record;
    }

    private static void Add(PSObject item, JProperty property)
    {
        if (property.Name.Length == 0)
            throw new FormatException("an object has a property without a name.");
        if (item.Properties[property.Name] is not null)
            throw new FormatException($"an object has two properties '{property.Name}' that differ only in case.");
        try
        {
            item.Properties.Add(new PSNoteProperty(property.Name, ToValue(property.Value)));
        }
        catch (ExtendedTypeSystemException e)
        {
            // PowerShell reserves some names, such as PSObject.
            throw new FormatException(e.Message, e);
        }
    }

    private static object? ToValue(JToken token)
    {
        switch (token)
        {
            case JArray array:
                return array.Select(ToValue).ToArray();
            case JObject json:
                var item = new PSObject();
                foreach (var property in json.Properties())
                    Add(item, property);
                return item;
            default:
                return (token as JValue)?.Value;
        }
    }
}
