using System.Collections;
using System.Management.Automation;
using System.Text;
using System.Xml;

namespace ArtifactsPS.Serialization;

/// <summary>Objects in the format of Export-Clixml, which keeps types. They are written in batches that don't refer to each other,
/// which version 1.1.0.0 of the format allows. Each ends with a comment on a line of its own.</summary>
internal sealed class CliXmlObjects(int depth) : IObjectSerializer
{
    private const string Begin = "<Objs Version=\"1.1.0.0\" xmlns=\"http://schemas.microsoft.com/powershell/2004/04\">";
    private const string End = "</Objs>";
    private const string BatchEnd = "<!-- -->";
    private const int MaxBatchSize = 64;

    public IObjectWriter CreateWriter() => new Writer(depth);

    public IEnumerable<object?> Read(TextReader text)
    {
        var line = text.ReadLine();
        // A file of Export-Clixml.
        if (line != Begin)
        {
            foreach (var item in Deserialize(line + "\n" + text.ReadToEnd()))
                yield return item;
            yield break;
        }
        var batch = new StringBuilder();
        for (batch.Append(Begin); (line = text.ReadLine()) != End; )
        {
            if (line is null)
                throw new FormatException("the text ends before its last object.");
            if (line != BatchEnd)
            {
                batch.Append(line).Append('\n');
                continue;
            }
            foreach (var item in Deserialize(batch.Append(End).ToString()))
                yield return item;
            batch.Clear().Append(Begin);
        }
    }

    private static object?[] Deserialize(string xml)
    {
        try
        {
            return PSSerializer.DeserializeAsList(xml);
        }
        catch (Exception e) when (e is XmlException or RuntimeException)
        {
            throw new FormatException(e.Message, e);
        }
    }

    // No other object has its type, so that none refers to the names of the type.
    private sealed class Batch : ArrayList;

    private sealed class Writer : IObjectWriter
    {
        private const string ListBegin = "<LST>";
        private const string ListEnd = "</LST>";

        // The batch is a level above its objects.
        private readonly int _depth;
        private readonly ObjectSpool _content = new();
        private readonly StreamWriter _text;
        private readonly Batch _batch = [];

        // The first batches are small, so that the first objects need only the start of the file.
        private int _batchSize = 1;

        public Writer(int depth)
        {
            _depth = depth + 1;
            _text = TextObjects.WriterTo(_content);
            _text.WriteLine(Begin);
        }

        public void Write(object? item)
        {
            _batch.Add(item);
            if (_batch.Count == _batchSize)
                WriteBatch();
        }

        public ObjectSpool Complete()
        {
            if (_batch.Count > 0)
                WriteBatch();
            _text.WriteLine(End);
            _text.Flush();
            return _content;
        }

        public void Dispose()
        {
            _text.Dispose();
            _content.Dispose();
        }

        private void WriteBatch()
        {
            var xml = PSSerializer.Serialize(_batch, _depth);
            // Only the objects, without the list around them.
            var start = xml.IndexOf(ListBegin, StringComparison.Ordinal) + ListBegin.Length;
            var end = xml.LastIndexOf(ListEnd, StringComparison.Ordinal);
            _text.Write(xml.Substring(start, end - start).Replace("\r\n", "\n").Trim('\n'));
            _text.WriteLine();
            _text.WriteLine(BatchEnd);
            _batch.Clear();
            _batchSize = Math.Min(2 * _batchSize, MaxBatchSize);
        }
    }
}
