using System.Globalization;
using ArtifactsPS.Core.Manifests;
using ArtifactsPS.Core.Records;
using ArtifactsPS.Core.Values;
using Newtonsoft.Json.Linq;

namespace ArtifactsPS.Core.Catalogs;

/// <summary>What the catalog says of one version, aliases aside.</summary>
public sealed record VersionRecord
{
    public required int Number { get; init; }

    public required string Type { get; init; }

    /// <summary>The manifest; its digest is the version's.</summary>
    public required PageReference Root { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required string CreatedBy { get; init; }

    public string? Description { get; init; }

    public JObject? Metadata { get; init; }

    /// <summary>In the order they were given.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>The run that made it.</summary>
    public string? RunId { get; init; }

    /// <summary>The seal of the collaboration that it was made by; null where one writer published it.</summary>
    public string? SealId { get; init; }

    /// <summary>From when on a clean-up may remove it.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    public Digest Digest => Root.Digest;

    /// <summary>As JSON, beginning with <c>version</c> and <c>digest</c>, by which a checkpoint is searched.</summary>
    internal JObject ToJson()
    {
        var json = new JObject
        {
            ["version"] = Number,
            ["digest"] = Digest.Hex,
            ["type"] = Type,
            ["at"] = Timestamp.Format(CreatedAt),
            ["by"] = CreatedBy,
            ["entries"] = Root.EntryCount,
            ["size"] = Root.TotalSize,
            ["root"] = RootPlace.Of(Root).ToJson(),
        };
        new Notes(Description, Metadata, Tags).WriteTo(json);
        if (RunId is not null)
            json["run"] = RunId;
        if (SealId is not null)
            json["seal"] = SealId;
        if (ExpiresAt is { } expiry)
            json["expires"] = Timestamp.Format(expiry);
        return json;
    }

    /// <exception cref="InvalidDataException">A property is missing or of the wrong kind.</exception>
    internal static VersionRecord FromJson(JObject json)
    {
        var root = RootPlace.FromJson(json.Required<JObject>("root"));
        var notes = Notes.Read(json);
        return new VersionRecord
        {
            Number = checked((int)json.RequiredNumber("version")),
            Type = json.RequiredText("type"),
            CreatedAt = Timestamp.Parse(json.RequiredText("at")),
            CreatedBy = json.RequiredText("by"),
            Root = root.Locate(
                json.RequiredDigest("digest"),
                json.RequiredNumber("entries"),
                json.RequiredNumber("size")
            ),
            Description = notes.Description,
            Metadata = notes.Metadata,
            Tags = notes.Tags,
            RunId = json.OptionalText("run"),
            SealId = json.OptionalText("seal"),
            ExpiresAt = json.OptionalText("expires") is { } expiry ? Timestamp.Parse(expiry) : null,
        };
    }
}

/// <summary>Times as they are stored: UTC, ISO 8601, to the millisecond.</summary>
internal static class Timestamp
{
    private const string Form = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    public static string Format(DateTimeOffset time) => time.UtcDateTime.ToString(Form, CultureInfo.InvariantCulture);

    public static DateTimeOffset Parse(string text) =>
        DateTimeOffset.TryParseExact(
            text,
            Form,
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
            out var time
        )
            ? time
            : throw new InvalidDataException($"'{text}' is no time");

    /// <summary>Now, to the millisecond that is stored.</summary>
    public static DateTimeOffset Now()
    {
        var now = DateTimeOffset.UtcNow;
        return new DateTimeOffset(now.Ticks - now.Ticks % TimeSpan.TicksPerMillisecond, TimeSpan.Zero);
    }
}
