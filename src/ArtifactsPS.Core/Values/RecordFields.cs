using System.Diagnostics.CodeAnalysis;
using Newtonsoft.Json.Linq;

namespace ArtifactsPS.Core.Values;

/// <summary>Reads or writes one member of a record after the other.</summary>
/// <param name="fields">The JSON that is read or written.</param>
/// <param name="value">The record to write; null when one is read.</param>
/// <returns>The record that was read or written.</returns>
internal delegate T RecordMap<T>(RecordFields fields, T? value)
    where T : class;

/// <summary>Parses a name; false where the text can't be one.</summary>
internal delegate bool NameParser<T>(string? text, [NotNullWhen(true)] out T? name)
    where T : CaseInsensitiveName;

/// <summary>
/// The JSON members of a record, each named once for reading and writing. A <see cref="RecordMap{T}"/> takes the members in
/// their stored order; members that it does not know are ignored. While writing, each value passes the checks of
/// reading, so that no record is written that can't be read back.
/// <para>Newtonsoft's serializer does this by reflection, but its first use takes 65 ms in each process.</para>
/// </summary>
internal sealed class RecordFields
{
    private readonly JObject _json;
    private readonly bool _isWriting;

    private RecordFields(JObject json, bool isWriting) => (_json, _isWriting) = (json, isWriting);

    public static JObject Write<T>(RecordMap<T> map, T value)
        where T : class
    {
        var json = new JObject();
        map(new RecordFields(json, isWriting: true), value);
        return json;
    }

    /// <exception cref="InvalidDataException">A member is missing or invalid.</exception>
    public static T Read<T>(RecordMap<T> map, JObject json)
        where T : class => map(new RecordFields(json, isWriting: false), null);

    public string Text(string name, string? value) => OptionalText(name, value) ?? throw Missing(name);

    public string? OptionalText(string name, string? value) =>
        Exchange(name, value is null ? null : new JValue(value)) switch
        {
            null => null,
            JValue { Type: JTokenType.String, Value: string text } => text,
            _ => throw Invalid(name),
        };

    public T Name<T>(string name, T? value, NameParser<T> tryParse)
        where T : CaseInsensitiveName => OptionalName(name, value, tryParse) ?? throw Missing(name);

    public T? OptionalName<T>(string name, T? value, NameParser<T> tryParse)
        where T : CaseInsensitiveName =>
        OptionalText(name, value?.ToString()) is not { } text ? null
        : tryParse(text, out var parsed) ? parsed
        : throw Invalid(name);

    /// <summary>Names in their order; none of them is null. An empty list is not written.</summary>
    public IReadOnlyList<T> Names<T>(string name, IReadOnlyList<T>? value, NameParser<T> tryParse)
        where T : CaseInsensitiveName =>
        [
            .. Texts(name, value?.Select(item => item.ToString()).ToList())
                .Select(text => tryParse(text, out var parsed) ? parsed : throw Invalid(name)),
        ];

    /// <summary>An integer from 0 to <paramref name="max"/>.</summary>
    public long Number(string name, long? value, long max = long.MaxValue) =>
        OptionalNumber(name, value, max) ?? throw Missing(name);

    /// <summary>An integer from 0 to <paramref name="max"/>.</summary>
    public long? OptionalNumber(string name, long? value, long max = long.MaxValue) =>
        Exchange(name, value is { } written ? new JValue(written) : null) switch
        {
            null => null,
            JValue { Type: JTokenType.Integer, Value: long number and >= 0 } when number <= max => number,
            _ => throw Invalid(name),
        };

    /// <summary>An integer from 0 to <paramref name="max"/>.</summary>
    public int Int32(string name, int? value, int max = int.MaxValue) => (int)Number(name, value, max);

    /// <summary>A flag, which is written only if it is set.</summary>
    public bool Flag(string name, bool? value) =>
        Exchange(name, value == true ? new JValue(true) : null) switch
        {
            null => false,
            JValue { Value: bool flag } => flag,
            _ => throw Invalid(name),
        };

    public DateTimeOffset Time(string name, DateTimeOffset? value) => OptionalTime(name, value) ?? throw Missing(name);

    public DateTimeOffset? OptionalTime(string name, DateTimeOffset? value) =>
        OptionalText(name, value is { } time ? Timestamp.Format(time) : null) is { } text
            ? Timestamp.Parse(text)
            : null;

    public Digest Digest(string name, Digest? value) => OptionalDigest(name, value) ?? throw Missing(name);

    public Digest? OptionalDigest(string name, Digest? value) =>
        OptionalText(name, value?.Hex) is not { } hex ? null
        : ArtifactsPS.Core.Values.Digest.TryParseHex(hex.AsSpan(), out var digest) ? digest
        : throw Invalid(name);

    /// <summary>JSON that a user gave, such as metadata.</summary>
    public JObject? OptionalJson(string name, JObject? value) =>
        Exchange(name, value?.DeepClone()) switch
        {
            null => null,
            JObject json => json,
            _ => throw Invalid(name),
        };

    /// <summary>Texts in their order; none of them is null. An empty list is not written.</summary>
    public IReadOnlyList<string> Texts(string name, IReadOnlyList<string>? value) =>
        Exchange(name, value is { Count: > 0 } ? new JArray(value) : null) switch
        {
            null => [],
            JArray array =>
            [
                .. array.Select(item => item.Type == JTokenType.String ? (string)item! : throw Invalid(name)),
            ],
            _ => throw Invalid(name),
        };

    public T Record<T>(string name, T? value, RecordMap<T> map)
        where T : class => OptionalRecord(name, value, map) ?? throw Missing(name);

    public T? OptionalRecord<T>(string name, T? value, RecordMap<T> map)
        where T : class => OptionalRecord(name, value, item => Write(map, item), json => Read(map, json));

    /// <summary>A member with a JSON form of its own.</summary>
    public T Record<T>(string name, T? value, Func<T, JObject> write, Func<JObject, T> read)
        where T : class => OptionalRecord(name, value, write, read) ?? throw Missing(name);

    /// <summary>A member with a JSON form of its own.</summary>
    public T? OptionalRecord<T>(string name, T? value, Func<T, JObject> write, Func<JObject, T> read)
        where T : class =>
        Exchange(name, value is null ? null : write(value)) switch
        {
            null => null,
            JObject json => read(json),
            _ => throw Invalid(name),
        };

    /// <summary>A member with a JSON form of its own.</summary>
    public T Record<T>(string name, T? value, Func<T, JObject> write, Func<JObject, T> read)
        where T : struct => OptionalRecord(name, value, write, read) ?? throw Missing(name);

    /// <summary>A member with a JSON form of its own.</summary>
    public T? OptionalRecord<T>(string name, T? value, Func<T, JObject> write, Func<JObject, T> read)
        where T : struct =>
        Exchange(name, value is { } item ? write(item) : null) switch
        {
            null => null,
            JObject json => read(json),
            _ => throw Invalid(name),
        };

    /// <summary>Records in their order; none of them is null.</summary>
    public IReadOnlyList<T> Records<T>(string name, IReadOnlyList<T>? value, RecordMap<T> map)
        where T : class =>
        Exchange(name, value is null ? null : new JArray(value.Select(item => Write(map, item)))) switch
        {
            null => throw Missing(name),
            JArray array => value ?? [.. array.Select(item => Read(map, item as JObject ?? throw Invalid(name)))],
            _ => throw Invalid(name),
        };

    // Null for a member that is absent or null.
    private JToken? Exchange(string name, JToken? value)
    {
        if (!_isWriting)
            return _json[name] is { Type: not JTokenType.Null } token ? token : null;
        if (value is not null)
            _json.Add(name, value);
        return value;
    }

    private static InvalidDataException Missing(string name) => new($"'{name}' is missing");

    private static InvalidDataException Invalid(string name) => new($"'{name}' is invalid");
}
