using System.Text;

namespace ArtifactsPS.Serialization;

/// <summary>Rows of a CSV text. Fields are separated by commas, and quoted if they contain commas, quotes or line breaks.</summary>
internal sealed class CsvRows(TextReader text)
{
    private const int None = -1;

    private readonly char[] _buffer = new char[1 << 14];
    private readonly List<string?> _fields = [];
    private readonly StringBuilder _quoted = new();
    private int _length;
    private int _next;
    private int _line = 1;

    /// <summary>Number of the line on which the last row began.</summary>
    public int Line { get; private set; }

    /// <summary>Skips a first line that begins with <c>#TYPE</c>.</summary>
    public void SkipTypeLine()
    {
        if (!Fill() || !StartsWith("#TYPE "))
            return;
        while (Read() is not (None or '\n')) { }
        _line++;
    }

    /// <summary>Reads the next row.</summary>
    /// <returns>The fields, which are null if empty and not quoted; valid until the next call. Null at the end.</returns>
    /// <exception cref="FormatException">A quoted field doesn't end, or is followed by text.</exception>
    public IReadOnlyList<string?>? Next()
    {
        _fields.Clear();
        Line = _line;
        if (!Fill())
            return null;
        while (true)
        {
            if (_next == _length && !Fill())
            {
                _fields.Add(null);
                return _fields;
            }
            _fields.Add(_buffer[_next] == '"' ? ReadQuoted() : ReadPlain());
            var end = Read();
            if (end == '\r')
            {
                if (Peek() == '\n')
                    Read();
                end = '\n';
            }
            if (end == '\n')
                _line++;
            if (end is '\n' or None)
                return _fields;
            if (end != ',')
                throw new FormatException($"there is text after the quoted value on line {_line}.");
        }
    }

    private string? ReadPlain()
    {
        string? field = null;
        while (true)
        {
            var end = _next;
            while (end < _length && _buffer[end] is not (',' or '\n' or '\r'))
                end++;
            if (end > _next)
                field += new string(_buffer, _next, end - _next);
            _next = end;
            if (end < _length || !Fill())
                return field;
        }
    }

    private string ReadQuoted()
    {
        var start = _line;
        _quoted.Clear();
        _next++;
        while (true)
        {
            var c = Read();
            if (c == None)
                throw new FormatException($"the quoted value that begins on line {start} doesn't end.");
            if (c == '\n')
                _line++;
            if (c == '"')
            {
                if (Peek() != '"')
                    return _quoted.ToString();
                Read();
            }
            _quoted.Append((char)c);
        }
    }

    private int Peek() => _next < _length || Fill() ? _buffer[_next] : None;

    private int Read() => _next < _length || Fill() ? _buffer[_next++] : None;

    private bool StartsWith(string prefix) =>
        _length - _next >= prefix.Length
        && string.CompareOrdinal(new string(_buffer, _next, prefix.Length), prefix) == 0;

    // Reads more text if all was used. Returns false at the end.
    private bool Fill()
    {
        if (_next < _length)
            return true;
        (_next, _length) = (0, text.Read(_buffer, 0, _buffer.Length));
        return _length > 0;
    }
}
