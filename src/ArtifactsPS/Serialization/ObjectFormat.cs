using System.Management.Automation;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Serialization;

/// <summary>How objects are kept in a file.</summary>
public enum ObjectFormat
{
    /// <summary>One object, or an array of them.</summary>
    Json,

    /// <summary>A header, then one object a line, as text.</summary>
    Csv,

    /// <summary>PowerShell's own, which keeps types.</summary>
    CliXml,

    /// <summary>One object a line, as text.</summary>
    Text,
}

/// <summary>Writes objects as a file's bytes, and reads them back.</summary>
internal interface IObjectSerializer
{
    byte[] Write(IReadOnlyList<object?> objects);

    /// <exception cref="FormatException">The text isn't what was written in this format.</exception>
    IEnumerable<object?> Read(TextReader text);
}

/// <summary>Finds the format that a file's name tells.</summary>
internal static class ObjectFormats
{
    /// <summary>The format of a file by its extension.</summary>
    /// <exception cref="UnknownObjectFormatException">The extension tells none.</exception>
    public static ObjectFormat Of(string name) =>
        Path.GetExtension(name).ToUpperInvariant() switch
        {
            ".JSON" => ObjectFormat.Json,
            ".CSV" => ObjectFormat.Csv,
            ".CLIXML" or ".XML" => ObjectFormat.CliXml,
            ".TXT" or ".LOG" or ".MD" => ObjectFormat.Text,
            _ => throw new UnknownObjectFormatException(name),
        };

    /// <param name="format">The format.</param>
    /// <param name="depth">How many levels of objects within objects are kept as objects.</param>
    /// <param name="truncated">Called when something lay deeper and was kept as text.</param>
    public static IObjectSerializer Serializer(ObjectFormat format, int depth, Action? truncated = null) =>
        format switch
        {
            ObjectFormat.Json => new JsonObjects(depth, truncated ?? (() => { })),
            ObjectFormat.Csv => new CsvObjects(),
            ObjectFormat.CliXml => new CliXmlObjects(depth),
            _ => new TextObjects(),
        };

    /// <summary>The values of an object that is a record: a hashtable's keys, or an object's properties; null for a
    /// plain value.</summary>
    public static IEnumerable<KeyValuePair<string, object?>>? RecordOf(object? item)
    {
        var value = item is PSObject wrapped ? wrapped.BaseObject : item;
        return value switch
        {
            null or string => null,
            _ when PlainData.IsScalar(value) => null,
            System.Collections.IDictionary table => table
                .Cast<System.Collections.DictionaryEntry>()
                .Select(entry => new KeyValuePair<string, object?>($"{entry.Key}", entry.Value)),
            _ => PSObject.AsPSObject(item!).Properties.Where(property => property.IsGettable).Select(Read),
        };
    }

    // A getter that fails, as many of Process do, leaves nothing to tell.
    private static KeyValuePair<string, object?> Read(PSPropertyInfo property)
    {
        try
        {
            return new KeyValuePair<string, object?>(property.Name, property.Value);
        }
        catch (GetValueException)
        {
            return new KeyValuePair<string, object?>(property.Name, null);
        }
    }
}

/// <summary>A file's name that tells no format.</summary>
public sealed class UnknownObjectFormatException(string name)
    : ArtifactsException(
        $"The name '{name}' tells no format for objects: give -As Json, Csv, CliXml or Text, or a name that ends with .json, .csv, .clixml or .txt.",
        name
    )
{
    public override string ErrorId => "UnknownObjectFormat";

    public override ErrorKind Kind => ErrorKind.InvalidArgument;
}

/// <summary>A file that doesn't hold objects of the format that was asked for.</summary>
public sealed class ObjectsUnreadableException(string path, ObjectFormat format, Exception inner)
    : ArtifactsException(
        $"'{path}' can't be read as {format}: {inner.Message} Get-ArtifactContent without -As gives its text.",
        path,
        inner
    )
{
    public override string ErrorId => "ObjectsUnreadable";

    public override ErrorKind Kind => ErrorKind.InvalidData;
}
