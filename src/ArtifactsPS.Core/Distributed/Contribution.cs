using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Content.Blobs;
using ArtifactsPS.Core.Manifests;
using ArtifactsPS.Core.Records;
using ArtifactsPS.Core.Values;
using Newtonsoft.Json.Linq;

namespace ArtifactsPS.Core.Distributed;

/// <summary>What one writer adds to a version that several make together, relative to their common base if there is one.</summary>
public sealed record Contribution
{
    /// <summary>Its place among all contributions, in the order in which they reached the store.</summary>
    public required long Number { get; init; }

    /// <summary>Drawn by chance, so that its writer knows it again after a lost answer.</summary>
    public required string Id { get; init; }

    /// <summary>Who contributed; a later contribution of the same writer replaces an earlier one, path by path.</summary>
    public required string Contributor { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>user@machine.</summary>
    public required string By { get; init; }

    public string? RunId { get; init; }

    /// <summary>The artifact's type.</summary>
    public required string Type { get; init; }

    /// <summary>The version it begins from; null for none.</summary>
    public ContributionBase? Base { get; init; }

    /// <summary>The tree of the entries it adds or changes.</summary>
    public required PageReference Adds { get; init; }

    /// <summary>The paths it takes away, sorted, one a line; null for none.</summary>
    public Blob? Removes { get; init; }

    /// <summary>How many paths it takes away.</summary>
    public long RemovedCount { get; init; }

    public string? Description { get; init; }

    public JObject? Metadata { get; init; }

    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Whether another contribution does the same to the entries.</summary>
    internal bool HasSameContent(Contribution other) =>
        Adds.Digest == other.Adds.Digest && Removes?.Digest == other.Removes?.Digest;

    internal JObject ToJson()
    {
        var json = new JObject
        {
            ["id"] = Id,
            ["contributor"] = Contributor,
            ["at"] = Timestamp.Format(At),
            ["by"] = By,
            ["type"] = Type,
            ["adds"] = StoredReference.ToJson(Adds),
        };
        if (RunId is not null)
            json["run"] = RunId;
        if (Base is { } from)
            json["base"] = new JObject { ["version"] = from.Version, ["root"] = StoredReference.ToJson(from.Root) };
        if (Removes is { } removes)
        {
            json["removes"] = StoredReference.ToJson(removes);
            json["removed"] = RemovedCount;
        }
        new Notes(Description, Metadata, Tags).WriteTo(json);
        return json;
    }

    /// <exception cref="InvalidDataException">It is no contribution.</exception>
    internal static Contribution FromJson(long number, JObject json)
    {
        var notes = Notes.Read(json);
        return new()
        {
            Number = number,
            Id = json.RequiredText("id"),
            Contributor = json.RequiredText("contributor"),
            At = Timestamp.Parse(json.RequiredText("at")),
            By = json.RequiredText("by"),
            RunId = json.OptionalText("run"),
            Type = json.RequiredText("type"),
            Base = json["base"] is JObject from
                ? new ContributionBase(
                    checked((int)from.RequiredNumber("version")),
                    StoredReference.ReadPage(from.Required<JObject>("root"))
                )
                : null,
            Adds = StoredReference.ReadPage(json.Required<JObject>("adds")),
            Removes = json["removes"] is JObject removes ? StoredReference.ReadBlob(removes) : null,
            RemovedCount = json["removes"] is null ? 0 : json.RequiredNumber("removed"),
            Description = notes.Description,
            Metadata = notes.Metadata,
            Tags = notes.Tags,
        };
    }
}

/// <summary>The version that contributions begin from; its tree is kept here too, in case the version is deleted.</summary>
/// <param name="Version">Its number.</param>
/// <param name="Root">Its tree.</param>
public sealed record ContributionBase(int Version, PageReference Root);

/// <summary>Where pages and blobs lie, as records name it.</summary>
internal static class StoredReference
{
    public static JObject ToJson(PageReference page) =>
        new()
        {
            ["digest"] = page.Digest.Hex,
            ["level"] = page.Level,
            ["entries"] = page.EntryCount,
            ["size"] = page.TotalSize,
            ["in"] = page.Location.Object!.Digest!.Value.Hex,
            ["at"] = page.Location.Offset,
            ["length"] = page.Length,
        };

    public static JObject ToJson(Blob blob) =>
        new()
        {
            ["sha256"] = blob.Digest.Hex,
            ["size"] = blob.Size,
            ["in"] = blob.Location.Object!.Digest!.Value.Hex,
            ["at"] = blob.Location.Offset,
        };

    public static PageReference ReadPage(JObject json) =>
        new()
        {
            First = default,
            Digest = json.RequiredDigest("digest"),
            Level = (int)json.RequiredNumber("level", PageFormat.MaxLevel),
            EntryCount = json.RequiredNumber("entries"),
            TotalSize = json.RequiredNumber("size"),
            Location = LocationOf(json),
            Length = (int)json.RequiredNumber("length", PageFormat.MaxLength),
        };

    public static Blob ReadBlob(JObject json)
    {
        var location = LocationOf(json);
        var size = json.RequiredNumber("size", long.MaxValue - location.Offset);
        return new Blob(json.RequiredDigest("sha256"), size, location);
    }

    private static BlobLocation LocationOf(JObject json) =>
        new(new ObjectHandle(json.RequiredDigest("in")), json.RequiredNumber("at"));
}
