using System.Globalization;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace ArtifactsPS.Serialization;

/// <summary>Writes objects as JSON.</summary>
internal sealed class JsonObjectWriter : IObjectWriter
{
    private readonly bool _isLines;
    private readonly int _depth;
    private readonly Action _truncated;
    private readonly PlainData _data;
    private readonly ObjectSpool _content = new();
    private readonly StreamWriter _text;
    private readonly JsonTextWriter _json;

    // Whether it is the only object is known after the second.
    private JToken? _first;
    private long _count;
    private int _nesting;

    public JsonObjectWriter(bool isLines, int depth, Action truncated)
    {
        (_isLines, _depth, _truncated) = (isLines, depth, truncated);
        _data = new PlainData(Expand) { KeepsLargeIntegers = true };
        _text = TextObjects.WriterTo(_content);
        _json = new JsonTextWriter(_text)
        {
            Formatting = isLines ? Formatting.None : Formatting.Indented,
            Culture = CultureInfo.InvariantCulture,
        };
    }

    public void Write(object? item)
    {
        var token = _data.ToToken(item, "", 0);
        if (_isLines)
        {
            token.WriteTo(_json);
            _text.Write('\n');
        }
        else if (_count == 0)
            _first = token;
        else
        {
            if (_count == 1)
            {
                _json.WriteStartArray();
                _first!.WriteTo(_json);
                _first = null;
            }
            token.WriteTo(_json);
        }
        _count++;
    }

    public ObjectSpool Complete()
    {
        if (!_isLines)
        {
            // A single list is an item of an array, so that it doesn't become several objects.
            var isArray = _count != 1 || _first is JArray;
            if (isArray && _count <= 1)
                _json.WriteStartArray();
            _first?.WriteTo(_json);
            if (isArray)
                _json.WriteEndArray();
            _json.Flush();
            _text.Write('\n');
        }
        _json.Flush();
        _text.Flush();
        return _content;
    }

    public void Dispose()
    {
        // Closing would end open values.
        _json.AutoCompleteOnClose = false;
        ((IDisposable)_json).Dispose();
        _content.Dispose();
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
        try
        {
            var record = new JObject();
            foreach (var property in ObjectFormats.RecordOf(value)!)
            {
                var below = $"{path}.{property.Key}".TrimStart('.');
                if (record.ContainsKey(property.Key))
                    throw new InvalidMetadataException(below, "the object has two properties of this name");
                record[property.Key] = _data.ToToken(property.Value, below, level + 1);
            }
            return record;
        }
        finally
        {
            _nesting--;
        }
    }
}
