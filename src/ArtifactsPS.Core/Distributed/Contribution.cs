using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Content.Blobs;
using ArtifactsPS.Core.Manifests;
using ArtifactsPS.Core.Records;
using ArtifactsPS.Core.Values;
using Newtonsoft.Json.Linq;

namespace ArtifactsPS.Core.Distributed;

/// <summary>Changes by one writer of a distributed version, relative to the common base, if any.</summary>
public sealed record Contribution
{
    /// <summary>Number of the log record, in the order in which contributions reached the store.</summary>
    public required long Number { get; init; }

    /// <summary>Random, so that its writer recognises the contribution after a lost response.</summary>
    public required string Id { get; init; }

    /// <summary>Name of the writer. A later contribution of the same writer replaces an earlier one, path by path.</summary>
    public required string Contributor { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>The author, as <c>user@machine</c>.</summary>
    public required string By { get; init; }

    public RunId? RunId { get; init; }

    /// <summary>The artifact's type.</summary>
    public required TypeName Type { get; init; }

    /// <summary>The version that the changes are relative to; null for none.</summary>
    public ContributionBase? Base { get; init; }

    /// <summary>Tree of the added and changed entries. The record contains a small one.</summary>
    public required TreePage Adds { get; init; }

    /// <summary>The removed paths, sorted, one a line; null for none.</summary>
    public Blob? Removes { get; init; }

    /// <summary>Number of removed paths.</summary>
    public long RemovedCount { get; init; }

    public string? Description { get; init; }

    public JObject? Metadata { get; init; }

    public IReadOnlyList<TagName> Tags { get; init; } = [];

    /// <summary>Upper bound for the length of the merged metadata of this contribution and those before it, in bytes of
    /// JSON. With it, a writer can check the limit without reading all contributions.</summary>
    internal long MetadataTotal { get; init; }

    /// <summary>Upper bound for the number of tags of this contribution and those before it.</summary>
    internal long TagTotal { get; init; }

    /// <summary>Whether another contribution changes the entries in the same way.</summary>
    internal bool HasSameContent(Contribution other) =>
        Adds.Digest == other.Adds.Digest && Removes?.Digest == other.Removes?.Digest;

    internal JObject ToJson() => RecordFields.Write(Map(Number), this);

    /// <exception cref="InvalidDataException">The JSON is not a contribution.</exception>
    internal static Contribution FromJson(long number, JObject json) => RecordFields.Read(Map(number), json);

    /// <summary>Reads or writes a contribution, whose number is that of the log record and is not stored in it.</summary>
    internal static RecordMap<Contribution> Map(long number) =>
        (fields, value) =>
        {
            var id = fields.Text("id", value?.Id);
            var contributor = fields.Text("contributor", value?.Contributor);
            var at = fields.Time("at", value?.At);
            var by = fields.Text("by", value?.By);
            var type = fields.Name<TypeName>("type", value?.Type, TypeName.TryParse);
            var adds = fields.Record("adds", value?.Adds, ContributedTree.ToJson, ContributedTree.FromJson);
            var runId = fields.OptionalName<RunId>("run", value?.RunId, RunId.TryParse);
            var from = fields.OptionalRecord("base", value?.Base, ContributionBase.Map);
            var removes = fields.OptionalRecord("removes", value?.Removes, BlobRecord.ToJson, BlobRecord.FromJson);
            return new Contribution
            {
                Number = number,
                Id = id,
                Contributor = contributor,
                At = at,
                By = by,
                RunId = runId,
                Type = type,
                Base = from,
                Adds = adds,
                Removes = removes,
                RemovedCount = removes is null ? 0 : fields.Number("removed", value?.RemovedCount),
                Description = fields.OptionalText("description", value?.Description),
                Metadata = fields.OptionalJson("metadata", value?.Metadata),
                Tags = fields.Names<TagName>("tags", value?.Tags, TagName.TryParse),
                MetadataTotal = MapTotal(fields, "metadataTotal", value?.MetadataTotal),
                TagTotal = MapTotal(fields, "tagTotal", value?.TagTotal),
            };
        };

    private static long MapTotal(RecordFields fields, string name, long? value) =>
        fields.OptionalNumber(name, value == 0 ? null : value) ?? 0;
}

/// <summary>The version that contributions are relative to. Its tree is stored here too, in case the version is deleted.</summary>
public sealed record ContributionBase(int Version, PageReference Root)
{
    internal static ContributionBase Map(RecordFields fields, ContributionBase? value) =>
        new(
            fields.Int32("version", value?.Version),
            fields.Record("root", value?.Root, PageLocation.ToJson, PageLocation.ReferenceFromJson)
        );
}
