using System.Collections;
using System.Collections.ObjectModel;
using System.Globalization;
using System.Management.Automation;
using System.Text;
using ArtifactsPS.Core.References;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Binding;

/// <summary>Converts the output of a handler's script blocks.</summary>
internal static class ScriptResult
{
    private static readonly string[] Names =
    [
        nameof(TargetProperties.Size),
        nameof(TargetProperties.ETag),
        nameof(TargetProperties.VersionId),
        nameof(TargetProperties.LastModified),
    ];

    /// <summary>Converts an object or hashtable to properties; null without output.</summary>
    /// <exception cref="InvalidDataException">The output is something else.</exception>
    public static TargetProperties? ToProperties(Collection<PSObject> output)
    {
        if (Only(output) is not { } found)
            return null;
        var values = Names.Select(name => ValueOf(found, name)).ToList();
        if (values.TrueForAll(value => value is null))
            throw new InvalidDataException(
                $"Its output has none of {string.Join(", ", Names)}. Output a hashtable with some of these, or nothing if the target is missing."
            );
        var tag = Convert<string>(values[1], Names[1])?.Replace("\"", "");
        return new TargetProperties
        {
            Size = values[0] is null ? null : Convert<long>(values[0], Names[0]),
            ETag = tag is { Length: > 0 } ? tag : null,
            VersionId = Convert<string>(values[2], Names[2]) is { Length: > 0 } version ? version : null,
            // An ETag is more exact.
            LastModified =
                values[3] is null || tag is { Length: > 0 } ? null : Convert<DateTimeOffset>(values[3], Names[3]),
        };
    }

    /// <summary>Converts a stream, bytes, a file or a text to an opened target; null without output.</summary>
    /// <param name="offset">Offset of the bytes in the target.</param>
    /// <exception cref="InvalidDataException">The output is something else.</exception>
    public static TargetRead? ToRead(Collection<PSObject> output, long offset)
    {
        // PowerShell outputs the bytes of an array one by one.
        if (output.Count > 1 && output.All(item => item?.BaseObject is byte))
            return ReadOf(new MemoryStream([.. output.Select(item => (byte)item.BaseObject)], writable: false), offset);
        if (Only(output) is not { } found)
            return null;
        return found.BaseObject switch
        {
            Stream stream => ReadOf(stream, offset),
            byte[] bytes => ReadOf(new MemoryStream(bytes, writable: false), offset),
            byte one => ReadOf(new MemoryStream([one], writable: false), offset),
            FileInfo file => ReadOf(file.OpenRead(), offset),
            string text => ReadOf(new MemoryStream(Encoding.UTF8.GetBytes(text), writable: false), offset),
            var other => throw new InvalidDataException(
                $"It must output a stream, bytes, a file or a text, not a {other.GetType().Name}."
            ),
        };
    }

    private static PSObject? Only(Collection<PSObject> output) =>
        output.Count <= 1
            ? output.FirstOrDefault()
            : throw new InvalidDataException($"It must output one object, not {output.Count}.");

    private static TargetRead ReadOf(Stream stream, long offset) =>
        new()
        {
            Stream = stream,
            Properties = new TargetProperties
            {
                Size = stream.CanSeek ? offset + stream.Length - stream.Position : null,
            },
            Offset = offset,
        };

    // Headers of answers are lists of one text.
    private static object? ValueOf(PSObject found, string name)
    {
        var value = found.BaseObject is IDictionary table
            ? table
                .Keys.Cast<object>()
                .Where(key => string.Equals(key as string, name, StringComparison.OrdinalIgnoreCase))
                .Select(key => table[key])
                .FirstOrDefault()
            : found.Properties[name]?.Value;
        value = value is PSObject wrapped ? wrapped.BaseObject : value;
        return value is IList { Count: 1 } list ? list[0] : value;
    }

    private static T? Convert<T>(object? value, string name)
    {
        if (value is null)
            return default;
        return LanguagePrimitives.TryConvertTo<T>(value, CultureInfo.InvariantCulture, out var converted)
            ? converted
            : throw new InvalidDataException($"Its {name} is invalid: '{value}'.");
    }
}
