using ArtifactsPS.Core.Records;
using ArtifactsPS.Core.Values;
using Newtonsoft.Json.Linq;

namespace ArtifactsPS.Core.Catalogs;

/// <summary>
/// One entry of an artifact's log. Whoever creates its key has committed it. Each names the digest of the one before, so
/// that none can be exchanged.
/// </summary>
public sealed record CatalogTransaction
{
    /// <summary>1 for the first, then one more each.</summary>
    public required long Number { get; init; }

    /// <summary>Drawn by chance, so that its writer knows it again after a lost answer.</summary>
    public required string Id { get; init; }

    /// <summary>The artifact, as whoever wrote the transaction spells it.</summary>
    public required string Name { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>user@machine.</summary>
    public required string By { get; init; }

    public string? RunId { get; init; }

    /// <summary>Of the transaction before; null for the first.</summary>
    public required Digest? Previous { get; init; }

    public required IReadOnlyList<CatalogAction> Actions { get; init; }

    internal byte[] Encode()
    {
        var json = new JObject
        {
            ["number"] = Number,
            ["id"] = Id,
            ["name"] = Name,
            ["at"] = Timestamp.Format(At),
            ["by"] = By,
        };
        if (RunId is not null)
            json["run"] = RunId;
        if (Previous is { } previous)
            json["previous"] = previous.Hex;
        json["actions"] = new JArray(Actions.Select(action => action.ToJson()));
        return SealedRecord.Encode(json);
    }

    /// <exception cref="InvalidDataException">The record is no transaction.</exception>
    internal static CatalogTransaction Decode(SealedRecord record)
    {
        var json = record.ToJson();
        return new CatalogTransaction
        {
            Number = json.RequiredNumber("number"),
            Id = json.RequiredText("id"),
            Name = json.RequiredText("name"),
            At = Timestamp.Parse(json.RequiredText("at")),
            By = json.RequiredText("by"),
            RunId = json.OptionalText("run"),
            Previous = json["previous"] is null ? null : json.RequiredDigest("previous"),
            Actions = json.Required<JArray>("actions")
                .Select(item => CatalogAction.FromJson(item as JObject ?? throw new InvalidDataException("no action")))
                .ToList(),
        };
    }
}
