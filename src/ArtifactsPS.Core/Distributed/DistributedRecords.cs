using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Manifests;
using ArtifactsPS.Core.Records;
using ArtifactsPS.Core.Values;
using Newtonsoft.Json.Linq;

namespace ArtifactsPS.Core.Distributed;

/// <summary>
/// What closes a collaboration: all contributions before it are in, none after. It names the merged tree, so whoever
/// finds it can publish the version.
/// </summary>
public sealed record Seal
{
    public required string Id { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>user@machine.</summary>
    public required string By { get; init; }

    public string? RunId { get; init; }

    /// <summary>What its writer contributed by sealing; null for nothing.</summary>
    public Contribution? Own { get; init; }

    public required string Type { get; init; }

    /// <summary>The tree of the version.</summary>
    public required PageReference Root { get; init; }

    public string? Description { get; init; }

    public JObject? Metadata { get; init; }

    public IReadOnlyList<string> Tags { get; init; } = [];

    internal JObject ToJson(long number)
    {
        var json = new JObject
        {
            ["id"] = Id,
            ["at"] = Timestamp.Format(At),
            ["by"] = By,
            ["type"] = Type,
            ["root"] = StoredReference.ToJson(Root),
        };
        if (RunId is not null)
            json["run"] = RunId;
        if (Own is not null)
            json["own"] = (Own with { Number = number }).ToJson();
        new Notes(Description, Metadata, Tags).WriteTo(json);
        return json;
    }

    /// <exception cref="InvalidDataException">It is no seal.</exception>
    internal static Seal FromJson(long number, JObject json)
    {
        var notes = Notes.Read(json);
        return new()
        {
            Id = json.RequiredText("id"),
            At = Timestamp.Parse(json.RequiredText("at")),
            By = json.RequiredText("by"),
            RunId = json.OptionalText("run"),
            Own = json["own"] is JObject own ? Contribution.FromJson(number, own) : null,
            Type = json.RequiredText("type"),
            Root = StoredReference.ReadPage(json.Required<JObject>("root")),
            Description = notes.Description,
            Metadata = notes.Metadata,
            Tags = notes.Tags,
        };
    }
}

/// <summary>Where a collaboration stands.</summary>
public enum DistributedStatus
{
    /// <summary>It takes contributions.</summary>
    Open,

    /// <summary>What is in it is decided; it is being published, or its writer was killed before.</summary>
    Sealed,

    /// <summary>Its version is published.</summary>
    Completed,
}

/// <summary>What the log of a collaboration comes to.</summary>
public sealed class DistributedState : RecordLog.IState
{
    internal const string ContributionKind = "contribution";
    internal const string SealKind = "seal";
    internal const string CompletedKind = "completed";
    internal const string AbandonedKind = "abandoned";

    private readonly List<Contribution> _contributions = [];

    /// <inheritdoc/>
    public long LastNumber { get; private set; }

    /// <summary>In the order in which they reached the store; those that the seal takes in, without its own.</summary>
    public IReadOnlyList<Contribution> Contributions => _contributions;

    /// <summary>Null as long as it is open.</summary>
    public Seal? Seal { get; private set; }

    /// <summary>The number of the version it became; null before.</summary>
    public int? Version { get; private set; }

    public DistributedStatus Status =>
        Version is not null ? DistributedStatus.Completed
        : Seal is not null ? DistributedStatus.Sealed
        : DistributedStatus.Open;

    /// <summary>Whether anyone contributed since it began or was abandoned.</summary>
    public bool Exists => _contributions.Count > 0 || Seal is not null;

    /// <summary>The base of all contributions; null for none.</summary>
    public ContributionBase? Base => Contributions.Count > 0 ? Contributions[0].Base : Seal?.Own?.Base;

    string RecordLog.IState.Apply(long number, SealedRecord record)
    {
        var json = record.ToJson();
        if (json.RequiredNumber("number") != number)
            throw new InvalidDataException("its number is another");
        var body = json.Required<JObject>("body");
        switch (json.RequiredText("kind"))
        {
            case ContributionKind when Seal is null:
                _contributions.Add(Contribution.FromJson(number, body));
                break;
            case SealKind when Seal is null:
                Seal = Seal.FromJson(number, body);
                break;
            case CompletedKind when Seal is not null && Version is null:
                Version = checked((int)body.RequiredNumber("version"));
                break;
            case AbandonedKind when Seal is null:
                _contributions.Clear();
                break;
            case var kind:
                throw new InvalidDataException($"a record '{kind}' can't stand there");
        }
        LastNumber = number;
        return body.RequiredText("id");
    }
}
