using System.Globalization;
using System.Management.Automation;
using System.Text;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Serialization;

/// <summary>Objects as lines of text.</summary>
internal sealed class TextObjects : IObjectSerializer
{
    private static readonly char[] LineBreaks = ['\r', '\n'];

    public IObjectWriter CreateWriter() => new Writer();

    public IEnumerable<object?> Read(TextReader text)
    {
        while (text.ReadLine() is { } line)
            yield return line;
    }

    /// <summary>Creates a writer of UTF-8 without a mark, with the same line ends on all systems.</summary>
    public static StreamWriter WriterTo(ObjectSpool content) =>
        new(content, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), 1 << 14, leaveOpen: true)
        {
            NewLine = "\n",
        };

    /// <summary>Converts a value to invariant text; times keep their full precision, and numbers their value.</summary>
    public static string TextOf(object? value) =>
        (value is PSObject { BaseObject: not PSCustomObject } wrapped ? wrapped.BaseObject : value) switch
        {
            null => "",
            string text => text,
            int number => number.ToString(CultureInfo.InvariantCulture),
            bool flag => flag ? "True" : "False",
            double number => number.ToString("R", CultureInfo.InvariantCulture),
            float number => number.ToString("R", CultureInfo.InvariantCulture),
            DateTime time => time.ToString("o", CultureInfo.InvariantCulture),
            DateTimeOffset time => time.ToString("o", CultureInfo.InvariantCulture),
            Enum => (string)LanguagePrimitives.ConvertTo(value, typeof(string), CultureInfo.InvariantCulture),
            IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
            _ => (string)LanguagePrimitives.ConvertTo(value, typeof(string), CultureInfo.InvariantCulture),
        };

    private sealed class Writer : IObjectWriter
    {
        private readonly ObjectSpool _content = new();
        private readonly StreamWriter _text;

        public Writer() => _text = WriterTo(_content);

        public void Write(object? item)
        {
            var line = TextOf(item);
            // It would come back as several lines.
            if (line.IndexOfAny(LineBreaks) >= 0)
                throw new TextHasLineBreaksException(line);
            _text.WriteLine(line);
        }

        public ObjectSpool Complete()
        {
            _text.Flush();
            return _content;
        }

        public void Dispose()
        {
            _text.Dispose();
            _content.Dispose();
        }
    }
}

/// <summary>A text with line breaks can't be one line of a file.</summary>
public sealed class TextHasLineBreaksException(string text)
    : ArtifactsException(
        $"'{BeginningOf(text)}...' has line breaks, and each object becomes one line of the file. Split it with -split "
            + "'\\r?\\n', give a name that ends with .json or .clixml, or write a file and add it with Add-ArtifactFile.",
        text
    )
{
    private const int ShownLength = 40;

    public override string ErrorId => "TextHasLineBreaks";

    public override ErrorKind Kind => ErrorKind.InvalidArgument;

    private static string BeginningOf(string text)
    {
        var line = text.Split('\r', '\n')[0];
        return DisplayText.Of(line.Substring(0, Math.Min(line.Length, ShownLength)));
    }
}
