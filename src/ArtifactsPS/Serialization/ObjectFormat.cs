using System.Management.Automation;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Serialization;

/// <summary>File format of objects.</summary>
public enum ObjectFormat
{
    /// <summary>One value, or an array.</summary>
    Json,

    /// <summary>One line of JSON for each object.</summary>
    JsonLines,

    /// <summary>A header, then one line of text for each object.</summary>
    Csv,

    /// <summary>PowerShell's CLIXML, which keeps types.</summary>
    CliXml,

    /// <summary>One line of text for each object.</summary>
    Text,
}

/// <summary>Converts objects to the bytes of a file and back.</summary>
internal interface IObjectSerializer
{
    IObjectWriter CreateWriter();

    /// <summary>Reads objects one after another, as they are enumerated.</summary>
    /// <exception cref="FormatException">The text is invalid in this format.</exception>
    IEnumerable<object?> Read(TextReader text);
}

/// <summary>Selects formats and reads properties of objects.</summary>
internal static class ObjectFormats
{
    /// <summary>Returns the format for a file extension.</summary>
    /// <exception cref="UnknownObjectFormatException">The extension is unknown.</exception>
    public static ObjectFormat Of(string name) =>
        Path.GetExtension(name).ToUpperInvariant() switch
        {
            ".JSON" => ObjectFormat.Json,
            ".JSONL" or ".NDJSON" => ObjectFormat.JsonLines,
            ".CSV" => ObjectFormat.Csv,
            ".CLIXML" or ".XML" => ObjectFormat.CliXml,
            ".TXT" or ".LOG" or ".MD" => ObjectFormat.Text,
            _ => throw new UnknownObjectFormatException(name),
        };

    /// <param name="depth">Number of levels of nested objects that are kept as objects.</param>
    /// <param name="truncated">Called if an object was converted to text, with the name of the property if the format has no
    /// objects as values.</param>
    public static IObjectSerializer Serializer(ObjectFormat format, int depth, Action<string?>? truncated = null) =>
        format switch
        {
            ObjectFormat.Json => new JsonObjects(isLines: false, depth, () => truncated?.Invoke(null)),
            ObjectFormat.JsonLines => new JsonObjects(isLines: true, depth, () => truncated?.Invoke(null)),
            ObjectFormat.Csv => new CsvObjects(name => truncated?.Invoke(name)),
            ObjectFormat.CliXml => new CliXmlObjects(depth),
            _ => new TextObjects(),
        };

    /// <summary>Returns the entries of a hashtable or the properties of an object; null for a plain value.</summary>
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

    // Some getters throw, such as many of Process; their value is null.
    internal static KeyValuePair<string, object?> Read(PSPropertyInfo property)
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

/// <summary>The extension of a file name is not that of an object format.</summary>
public sealed class UnknownObjectFormatException(string name)
    : ArtifactsException(
        $"Unknown object format of '{name}'. Give -As Json, JsonLines, Csv, CliXml or Text, or a name that ends with .json, .jsonl, .csv, .clixml or .txt.",
        name
    )
{
    public override string ErrorId => "UnknownObjectFormat";

    public override ErrorKind Kind => ErrorKind.InvalidArgument;
}

/// <summary>A file doesn't contain valid objects of the requested format.</summary>
public sealed class ObjectsUnreadableException(string path, ObjectFormat format, Exception inner)
    : ArtifactsException(
        $"'{path}' can't be read as {format}: {inner.Message} Use Get-ArtifactContent without -As for the text.",
        path,
        inner
    )
{
    public override string ErrorId => "ObjectsUnreadable";

    public override ErrorKind Kind => ErrorKind.InvalidData;
}
