using System.Globalization;
using System.Management.Automation;
using System.Text;

namespace ArtifactsPS.Serialization;

/// <summary>Objects as lines of text.</summary>
internal sealed class TextObjects : IObjectSerializer
{
    public byte[] Write(IReadOnlyList<object?> objects) =>
        Encoding.UTF8.GetBytes(string.Concat(objects.Select(item => TextOf(item) + "\n")));

    public IEnumerable<object?> Read(TextReader text)
    {
        while (text.ReadLine() is { } line)
            yield return line;
    }

    /// <summary>Converts a value to invariant text; times keep their full precision.</summary>
    public static string TextOf(object? value) =>
        (value is PSObject wrapped ? wrapped.BaseObject : value) switch
        {
            null => "",
            DateTime time => time.ToString("o", CultureInfo.InvariantCulture),
            DateTimeOffset time => time.ToString("o", CultureInfo.InvariantCulture),
            _ => (string)LanguagePrimitives.ConvertTo(value, typeof(string), CultureInfo.InvariantCulture),
        };
}
