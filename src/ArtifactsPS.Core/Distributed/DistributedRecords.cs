using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Manifests;
using ArtifactsPS.Core.Records;
using ArtifactsPS.Core.Values;
using Newtonsoft.Json.Linq;

namespace ArtifactsPS.Core.Distributed;

/// <summary>
/// Closes a distributed version: it includes all earlier contributions and no later ones. It contains the merged tree, so
/// that any process can publish the version.
/// </summary>
public sealed record Seal
{
    public required string Id { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>The author, as <c>user@machine</c>.</summary>
    public required string By { get; init; }

    public RunId? RunId { get; init; }

    /// <summary>Contribution of the sealing writer; null for none.</summary>
    public Contribution? Own { get; init; }

    public required TypeName Type { get; init; }

    /// <summary>Tree of the version.</summary>
    public required PageReference Root { get; init; }

    public string? Description { get; init; }

    public JObject? Metadata { get; init; }

    public IReadOnlyList<TagName> Tags { get; init; } = [];

    internal JObject ToJson(long number) => RecordFields.Write(Map(number), this);

    /// <exception cref="InvalidDataException">The JSON is not a seal.</exception>
    internal static Seal FromJson(long number, JObject json) => RecordFields.Read(Map(number), json);

    private static RecordMap<Seal> Map(long number) =>
        (fields, value) =>
        {
            var id = fields.Text("id", value?.Id);
            var at = fields.Time("at", value?.At);
            var by = fields.Text("by", value?.By);
            var type = fields.Name<TypeName>("type", value?.Type, TypeName.TryParse);
            var root = fields.Record("root", value?.Root, PageLocation.ToJson, PageLocation.ReferenceFromJson);
            return new Seal
            {
                Id = id,
                At = at,
                By = by,
                RunId = fields.OptionalName<RunId>("run", value?.RunId, RunId.TryParse),
                Own = fields.OptionalRecord("own", value?.Own, Contribution.Map(number)),
                Type = type,
                Root = root,
                Description = fields.OptionalText("description", value?.Description),
                Metadata = fields.OptionalJson("metadata", value?.Metadata),
                Tags = fields.Names<TagName>("tags", value?.Tags, TagName.TryParse),
            };
        };
}

/// <summary>State of a distributed version.</summary>
public enum DistributedStatus
{
    /// <summary>Accepts contributions.</summary>
    Open,

    /// <summary>Its content is final, but it is not published yet.</summary>
    Sealed,

    /// <summary>Published.</summary>
    Completed,
}

/// <summary>State after replaying the log of a distributed version.</summary>
public sealed class DistributedState : RecordLog.IState
{
    internal const string ContributionKind = "contribution";
    internal const string SealKind = "seal";
    internal const string CompletedKind = "completed";
    internal const string AbandonedKind = "abandoned";
    internal const string VoidKind = "void";

    private readonly List<Contribution> _contributions = [];

    /// <inheritdoc/>
    public long LastNumber { get; private set; }

    /// <summary>In the order in which they reached the store; without the contribution of the seal itself.</summary>
    public IReadOnlyList<Contribution> Contributions => _contributions;

    /// <summary>Null while the version is open.</summary>
    public Seal? Seal { get; private set; }

    /// <summary>Number of the published version; null before publishing.</summary>
    public int? Version { get; private set; }

    public DistributedStatus Status =>
        Version is not null ? DistributedStatus.Completed
        : Seal is not null ? DistributedStatus.Sealed
        : DistributedStatus.Open;

    /// <summary>Whether there are contributions since the beginning or the last abandonment.</summary>
    public bool Exists => _contributions.Count > 0 || Seal is not null;

    /// <summary>Base of all contributions; null for none.</summary>
    public ContributionBase? Base => Contributions.Count > 0 ? Contributions[0].Base : Seal?.Own?.Base;

    string RecordLog.IState.Apply(long number, SealedRecord record)
    {
        var json = record.ToJson();
        if (json.RequiredNumber("number") != number)
            throw new InvalidDataException("its number does not match its key");
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
            case AbandonedKind when Version is null:
                _contributions.Clear();
                Seal = null;
                break;
            case VoidKind:
                break;
            case var kind:
                throw new InvalidDataException($"a '{kind}' record is invalid at this position");
        }
        LastNumber = number;
        return body.RequiredText("id");
    }
}
