using ArtifactsPS.Core.Catalogs.Links;
using ArtifactsPS.Core.Manifests;
using ArtifactsPS.Core.Records;
using ArtifactsPS.Core.Values;
using Newtonsoft.Json.Linq;

namespace ArtifactsPS.Core.Catalogs;

/// <summary>A version as its catalog describes it, without aliases.</summary>
public sealed record VersionRecord
{
    public required int Number { get; init; }

    public required TypeName Type { get; init; }

    /// <summary>Root page of the manifest; its digest is the version's digest. A <see cref="PageReference"/>, or for a link to
    /// another store a <see cref="LinkedRoot"/>.</summary>
    public required TreePage Root { get; init; }

    /// <summary>Root page in the store; null for a version whose content is in another store.</summary>
    public PageReference? StoredRoot => Root as PageReference;

    public required DateTimeOffset CreatedAt { get; init; }

    public required string CreatedBy { get; init; }

    public string? Description { get; init; }

    public JObject? Metadata { get; init; }

    /// <summary>Tags in the order in which they were added.</summary>
    public IReadOnlyList<TagName> Tags { get; init; } = [];

    /// <summary>The run that created the version; null when it was published outside a run.</summary>
    public RunId? RunId { get; init; }

    /// <summary>Versions, by number, whose entries were added to the version outside a run. Within a run they are inputs of the
    /// run.</summary>
    public IReadOnlyList<ArtifactReference> Sources { get; init; } = [];

    /// <summary>Id of the seal of a distributed version; null for a version of a single writer.</summary>
    public string? SealId { get; init; }

    /// <summary>Time from which a clean-up may delete the version; null when it does not expire.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>The version that this one links; null for a version with content of its own.</summary>
    public LinkSource? Link { get; init; }

    public Digest Digest => Root.Digest;

    /// <summary>Whether the version has a given description and metadata. Null is no requirement.</summary>
    public bool HasDetails(string? description, JObject? metadata) =>
        (description is null || description == Description)
        && (metadata is null || JToken.DeepEquals(metadata, Metadata));

    /// <summary>The version after an action that changes it.</summary>
    internal VersionRecord After(CatalogAction action) =>
        action switch
        {
            EditAction edit => this with
            {
                Description = edit.Description ?? Description,
                Metadata = edit.Metadata ?? Metadata,
                Tags = [.. Tags.Concat(edit.AddTags).Distinct().Where(tag => !edit.RemoveTags.Contains(tag))],
                ExpiresAt = edit.ExpiresAt == EditAction.Never ? null : edit.ExpiresAt ?? ExpiresAt,
            },
            RelocateAction relocate => this with
            {
                Root = relocate.Root.ToReference(Digest, Root.EntryCount, Root.TotalSize),
            },
            _ => this,
        };

    /// <summary>Reads or writes a version, beginning with <c>version</c> and <c>digest</c>, by which a checkpoint is searched.</summary>
    internal static VersionRecord Map(RecordFields fields, VersionRecord? value)
    {
        var number = fields.Int32("version", value?.Number);
        var digest = fields.Digest("digest", value?.Digest);
        var type = fields.Name<TypeName>("type", value?.Type, TypeName.TryParse);
        var createdAt = fields.Time("at", value?.CreatedAt);
        var createdBy = fields.Text("by", value?.CreatedBy);
        var entries = fields.Number("entries", value?.Root.EntryCount);
        var size = fields.Number("size", value?.Root.TotalSize);
        var root = fields.Record(
            "root",
            value?.Root,
            VersionRoot.ToJson,
            json => VersionRoot.FromJson(json, digest, entries, size)
        );
        return new VersionRecord
        {
            Number = number,
            Type = type,
            Root = root,
            CreatedAt = createdAt,
            CreatedBy = createdBy,
            Description = fields.OptionalText("description", value?.Description),
            Metadata = fields.OptionalJson("metadata", value?.Metadata),
            Tags = fields.Names<TagName>("tags", value?.Tags, TagName.TryParse),
            RunId = fields.OptionalName<RunId>("run", value?.RunId, RunId.TryParse),
            Sources =
            [
                .. fields
                    .Texts("sources", value?.Sources.Select(source => source.ToString()).ToList())
                    .Select(SourceOf),
            ],
            SealId = fields.OptionalText("seal", value?.SealId),
            ExpiresAt = fields.OptionalTime("expires", value?.ExpiresAt),
            Link = fields.OptionalRecord("link", value?.Link, LinkSource.Map),
        };
    }

    private static ArtifactReference SourceOf(string text)
    {
        try
        {
            if (ArtifactReference.Parse(text) is { Version: not null } reference)
                return reference;
        }
        catch (ArtifactsException)
        {
            // Reported below.
        }
        throw new InvalidDataException("'sources' is invalid");
    }
}
