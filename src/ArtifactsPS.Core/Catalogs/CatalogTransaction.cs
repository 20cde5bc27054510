using ArtifactsPS.Core.Records;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Catalogs;

/// <summary>
/// One entry of an artifact's log; creating its key commits it. Each transaction contains the digest of the previous
/// one, so that none can be replaced.
/// </summary>
public sealed record CatalogTransaction
{
    /// <summary>Consecutive, beginning with 1.</summary>
    public required long Number { get; init; }

    /// <summary>Random, so that its writer recognises the transaction after a lost response.</summary>
    public required string Id { get; init; }

    /// <summary>Name of the artifact, in the spelling of the writer.</summary>
    public required ArtifactName Name { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>The author, as <c>user@machine</c>.</summary>
    public required string By { get; init; }

    public RunId? RunId { get; init; }

    /// <summary>Digest of the previous transaction; null in the first.</summary>
    public required Digest? Previous { get; init; }

    public required IReadOnlyList<CatalogAction> Actions { get; init; }

    internal byte[] Encode() => SealedRecord.Encode(RecordFields.Write(Map, this));

    /// <exception cref="InvalidDataException">The record is not a transaction.</exception>
    internal static CatalogTransaction Decode(SealedRecord record) =>
        RecordFields.Read<CatalogTransaction>(Map, record.ToJson());

    private static CatalogTransaction Map(RecordFields fields, CatalogTransaction? value) =>
        new()
        {
            Number = fields.Number("number", value?.Number),
            Id = fields.Text("id", value?.Id),
            Name = fields.Name<ArtifactName>("name", value?.Name, ArtifactName.TryParse),
            At = fields.Time("at", value?.At),
            By = fields.Text("by", value?.By),
            RunId = fields.OptionalName<RunId>("run", value?.RunId, RunId.TryParse),
            Previous = fields.OptionalDigest("previous", value?.Previous),
            Actions = fields.Records("actions", value?.Actions, CatalogAction.Map),
        };
}
