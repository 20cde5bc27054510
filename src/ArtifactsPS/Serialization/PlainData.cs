using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Numerics;
using ArtifactsPS.Core.Values;
using Newtonsoft.Json.Linq;

namespace ArtifactsPS.Serialization;

/// <summary>
/// Converts plain values (text, numbers, booleans, dates, lists, hashtables, custom objects) to JSON.
/// </summary>
/// <param name="other">Converts other values, given the value, its path and its depth.</param>
internal sealed class PlainData(Func<object, string, int, JToken> other)
{
    private const int MaxDepth = 32;

    /// <summary>Whether to exclude a key and its value, at any depth.</summary>
    public Func<string, bool> IsExcluded { get; init; } = _ => false;

    /// <summary>Whether integers of more than 64 bits, or more than <see cref="long.MaxValue"/>, are numbers, not errors.</summary>
    public bool KeepsLargeIntegers { get; init; }

    /// <summary>Whether a value is one JSON string, number or boolean.</summary>
    public static bool IsScalar(object value) =>
        value
            is string
                or bool
                or char
                or Guid
                or Uri
                or Enum
                or Version
                or double
                or float
                or decimal
                or byte
                or sbyte
                or short
                or ushort
                or int
                or uint
                or long
                or ulong
                or BigInteger
                or DateTime
                or DateTimeOffset
                or TimeSpan;

    /// <summary>Converts a value to JSON.</summary>
    /// <param name="path">Path of the value, for messages.</param>
    /// <param name="depth">Nesting depth of the value.</param>
    /// <exception cref="InvalidMetadataException">The value can't be represented in JSON.</exception>
    public JToken ToToken(object? value, string path, int depth)
    {
        if (depth > MaxDepth)
            throw new InvalidMetadataException(path, $"it is nested more than {MaxDepth} deep, or contains itself");
        if (value is PSObject wrapped)
            value = wrapped.BaseObject is PSCustomObject ? PropertiesOf(wrapped) : wrapped.BaseObject;
        return value switch
        {
            null => JValue.CreateNull(),
            string text when !IsUnicode(text) => throw new InvalidMetadataException(path, "it is not valid Unicode"),
            bool flag => new JValue(flag),
            string or char or Guid or Uri or Enum or Version => new JValue(value.ToString()),
            double number when double.IsNaN(number) || double.IsInfinity(number) => throw Unsupported(path, number),
            float number when float.IsNaN(number) || float.IsInfinity(number) => throw Unsupported(path, number),
            // As the number of 64 bits that has its value.
            float number => new JValue((double)number),
            decimal number => IsKept(number)
                ? new JValue(number)
                : throw new InvalidMetadataException(path, "it has more digits than a JSON number keeps; use text"),
            double or byte or sbyte or short or ushort or int or uint or long => new JValue(value),
            ulong number => number <= long.MaxValue ? new JValue((long)number)
            : KeepsLargeIntegers ? new JValue(number)
            : throw Unsupported(path, number),
            BigInteger number => KeepsLargeIntegers ? new JValue(number) : throw Unsupported(path, number),
            DateTime time => new JValue(time.ToString("o", CultureInfo.InvariantCulture)),
            DateTimeOffset time => new JValue(time.ToString("o", CultureInfo.InvariantCulture)),
            TimeSpan span => new JValue(span.ToString("c", CultureInfo.InvariantCulture)),
            IDictionary table => ToObject(table, path, depth),
            ScriptBlock => throw new InvalidMetadataException(path, "a script block is not data"),
            IEnumerable items => new JArray(
                items.Cast<object?>().Select((item, i) => ToToken(item, $"{path}[{i}]", depth + 1))
            ),
            _ => other(value, path, depth),
        };
    }

    /// <summary>Converts a table to a JSON object.</summary>
    public JObject ToObject(IDictionary table, string path, int depth)
    {
        var json = new JObject();
        foreach (DictionaryEntry item in table)
        {
            var name = item.Key.ToString()!;
            if (IsExcluded(name))
                continue;
            var below = path.Length == 0 ? name : path + "." + name;
            if (!IsUnicode(name))
                throw new InvalidMetadataException(below, "its key is not valid Unicode");
            if (json.ContainsKey(name))
                throw new InvalidMetadataException(below, "two keys have this text");
            json[name] = ToToken(item.Value, below, depth + 1);
        }
        return json;
    }

    // Keeps the order of properties.
    private static System.Collections.Specialized.OrderedDictionary PropertiesOf(PSObject custom)
    {
        var table = new System.Collections.Specialized.OrderedDictionary();
        foreach (var property in custom.Properties)
            table[property.Name] = property.Value;
        return table;
    }

    // Numbers are read with 64 bits.
    private static bool IsKept(decimal number)
    {
        try
        {
            return (decimal)(double)number == number;
        }
        catch (OverflowException)
        {
            return false;
        }
    }

    private static bool IsUnicode(string text)
    {
        for (var i = 0; i < text.Length; i++)
            if (char.IsSurrogate(text[i]))
            {
                if (!char.IsHighSurrogate(text[i]) || i + 1 == text.Length || !char.IsLowSurrogate(text[i + 1]))
                    return false;
                i++;
            }
        return true;
    }

    private static InvalidMetadataException Unsupported(string path, object number) =>
        new(path, string.Format(CultureInfo.InvariantCulture, "JSON has no number {0}", number));
}

/// <summary>A value can't be represented in JSON.</summary>
public sealed class InvalidMetadataException(string path, string fault)
    : ArtifactsException(path.Length == 0 ? $"Invalid value: {fault}." : $"Invalid value '{path}': {fault}.", path)
{
    public override string ErrorId => "InvalidMetadata";

    public override ErrorKind Kind => ErrorKind.InvalidArgument;
}
