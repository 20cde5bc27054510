using ArtifactsPS.Core.Records;
using ArtifactsPS.Core.Values;
using Newtonsoft.Json.Linq;

namespace ArtifactsPS.Core.Distributed;

/// <summary>
/// End of the log of a distributed version. Its last record decides whether a contribution is accepted: all contributions have
/// the same type and base, and each has totals of those before it.
/// </summary>
internal sealed class DistributedTail : RecordLog.ITail
{
    /// <inheritdoc/>
    public long LastNumber { get; private set; }

    /// <summary>The last contribution, if the version is open; null if there are none, and after the seal.</summary>
    public Contribution? LastContribution { get; private set; }

    /// <summary>Author of the seal, as <c>user@machine</c>; null while the version is open, and after its
    /// completion.</summary>
    public string? SealedBy { get; private set; }

    /// <summary>Number of the published version; null before publishing.</summary>
    public int? Version { get; private set; }

    /// <summary>Whether the version accepts contributions.</summary>
    public bool IsOpen => SealedBy is null && Version is null;

    /// <summary>Whether there are contributions since the beginning or the last abandonment.</summary>
    public bool Exists => LastContribution is not null || !IsOpen;

    string RecordLog.ITail.IdOf(long number, SealedRecord record) => Body(number, record).Body.RequiredText("id");

    void RecordLog.ITail.MoveTo(long last) => LastNumber = last;

    bool RecordLog.ITail.TryTake(long number, SealedRecord record)
    {
        var (kind, body) = Body(number, record);
        if (kind == DistributedState.VoidKind)
            return false;
        var contribution = kind == DistributedState.ContributionKind ? Contribution.FromJson(number, body) : null;
        var sealedBy = kind == DistributedState.SealKind ? Seal.FromJson(number, body).By : null;
        int? version =
            kind == DistributedState.CompletedKind ? (int)body.RequiredNumber("version", int.MaxValue) : null;
        if (contribution is null && sealedBy is null && version is null && kind != DistributedState.AbandonedKind)
            throw new InvalidDataException($"a '{kind}' record is unknown");
        (LastContribution, SealedBy, Version) = (contribution, sealedBy, version);
        return true;
    }

    string RecordLog.IState.Apply(long number, SealedRecord record)
    {
        RecordLog.ITail tail = this;
        tail.TryTake(number, record);
        LastNumber = number;
        return tail.IdOf(number, record);
    }

    private static (string Kind, JObject Body) Body(long number, SealedRecord record)
    {
        var json = record.ToJson();
        return json.RequiredNumber("number") == number
            ? (json.RequiredText("kind"), json.Required<JObject>("body"))
            : throw new InvalidDataException("its number does not match its key");
    }
}
