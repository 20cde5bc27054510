using System.Management.Automation;

namespace ArtifactsPS.Serialization;

/// <summary>Writes objects as CSV. The columns so far are known when a row is written; if later objects have more, the rows are
/// completed at the end.</summary>
internal sealed class CsvObjectWriter : IObjectWriter
{
    private const int BufferSize = 1 << 16;
    private static readonly char[] Quoted = [',', '"', '\r', '\n'];

    private readonly Action<string> _textKept;
    private readonly Dictionary<string, int> _columns = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<string> _names = [];

    // Rows below each position have that number of columns.
    private readonly List<(long Position, int Columns)> _grown = [];
    private CustomObjectShape? _shape;
    private ObjectSpool _content = new();
    private StreamWriter _text;
    private string?[] _row = [];

    // The last row that has a value for each column.
    private long[] _filled = [];
    private long _rows;

    public CsvObjectWriter(Action<string> textKept)
    {
        _textKept = textKept;
        _text = TextObjects.WriterTo(_content);
    }

    public void Write(object? item)
    {
        var isFirst = _names.Count == 0;
        var known = _names.Count;
        Array.Clear(_row, 0, _row.Length);
        _rows++;
        if (item is PSObject { BaseObject: PSCustomObject } custom)
            Set(custom);
        else
            foreach (var property in ObjectFormats.RecordOf(item) ?? [new(CsvObjects.ValueColumn, item)])
                Set(0, property.Key, property.Value);
        if (_names.Count == 0)
            throw new InvalidMetadataException("", "an object without properties can't be a row");
        if (isFirst)
            WriteRow(_text, _names, _names.Count);
        else if (_names.Count > known)
        {
            _text.Flush();
            _grown.Add((_content.Position, known));
        }
        WriteRow(_text, _row, _names.Count);
    }

    public ObjectSpool Complete()
    {
        _text.Flush();
        if (_grown.Count > 0)
            CompleteRows();
        return _content;
    }

    public void Dispose()
    {
        _text.Dispose();
        _content.Dispose();
    }

    private int ColumnOf(string name)
    {
        if (_columns.TryGetValue(name, out var column))
            return column;
        if (name.Length == 0)
            throw new InvalidMetadataException(name, "a property without a name can't be a column");
        _columns.Add(name, column = _names.Count);
        _names.Add(name);
        if (_row.Length < _names.Count)
        {
            Array.Resize(ref _row, Math.Max(8, 2 * _names.Count));
            Array.Resize(ref _filled, _row.Length);
        }
        return column;
    }

    // Most objects are of this kind, and have the same properties in the same order.
    private void Set(PSObject custom)
    {
        if (_shape?.Find(custom) is { } found)
        {
            for (var i = 0; i < found.Count; i++)
                Set(i, found[i].Name, found[i].Value);
            return;
        }
        var properties = custom.Properties.ToList();
        for (var i = 0; i < properties.Count; i++)
            if (properties[i].IsGettable)
                Set(i, properties[i].Name, ObjectFormats.Read(properties[i]).Value);
        _shape = CustomObjectShape.Of(custom, properties);
    }

    /// <param name="likely">The column that the property most likely has.</param>
    private void Set(int likely, string name, object? value)
    {
        var column = likely < _names.Count && _names[likely] == name ? likely : ColumnOf(name);
        if (_filled[column] == _rows)
            throw new InvalidMetadataException(name, "another property of the object differs only in case");
        _filled[column] = _rows;
        if (value is PSObject { BaseObject: not PSCustomObject } wrapped)
            value = wrapped.BaseObject;
        if (value is not (null or string or int or double or bool) && !PlainData.IsScalar(value))
            _textKept(name);
        _row[column] = value is null ? null : TextObjects.TextOf(value);
    }

    // Replaces the header, and adds empty fields to the rows that were written before their columns were known.
    private void CompleteRows()
    {
        var rows = _content;
        var completed = new ObjectSpool();
        var text = TextObjects.WriterTo(completed);
        WriteRow(text, _names, _names.Count);
        text.Flush();
        _grown.Add((rows.Length, _names.Count));
        rows.Position = 0;
        var input = new BufferedStream(rows, BufferSize);
        var output = new BufferedStream(completed, BufferSize);
        var (isQuoted, isHeader) = (false, true);
        long position = 0;
        foreach (var (end, columns) in _grown)
            for (; position < end; position++)
            {
                var next = (byte)input.ReadByte();
                isQuoted ^= next == '"';
                var isEnd = next == '\n' && !isQuoted;
                if (!isHeader)
                {
                    for (var i = columns; isEnd && i < _names.Count; i++)
                        output.WriteByte((byte)',');
                    output.WriteByte(next);
                }
                isHeader &= !isEnd;
            }
        output.Flush();
        Dispose();
        (_content, _text) = (completed, text);
    }

    private static void WriteRow(TextWriter text, IReadOnlyList<string?> fields, int count)
    {
        for (var i = 0; i < count; i++)
        {
            if (i > 0)
                text.Write(',');
            if (fields[i] is not { } field)
                continue;
            if (!IsQuoted(field))
            {
                text.Write(field);
                continue;
            }
            text.Write('"');
            text.Write(field.Replace("\"", "\"\""));
            text.Write('"');
        }
        text.Write('\n');
    }

    // Spaces at the ends are lost in some readers, and '#' begins a comment in others.
    private static bool IsQuoted(string field) =>
        field.Length == 0
        || char.IsWhiteSpace(field[0])
        || char.IsWhiteSpace(field[field.Length - 1])
        || field[0] == '#'
        || field.IndexOfAny(Quoted) >= 0;
}
