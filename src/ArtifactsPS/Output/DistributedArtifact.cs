using ArtifactsPS.Core.Distributed;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Output;

/// <summary>A version that several writers create together.</summary>
public sealed class DistributedArtifact
{
    internal DistributedArtifact(DistributedLog log, DistributedState state)
    {
        Name = log.Name.ToString();
        DistributedId = log.Id.ToString();
        Status = state.Status;
        Type = (state.Contributions.Count > 0 ? state.Contributions[0].Type : state.Seal!.Type).ToString();
        BaseVersion = state.Base is { } from ? ArtifactReference.To(log.Name, from.Version).ToString() : null;
        Contributions =
        [
            .. state
                .Contributions.Concat(state.Seal?.Own is { } own ? [own] : [])
                .Select(contribution => new DistributedContribution(log, contribution)),
        ];
        Version = state.Version is { } version ? ArtifactReference.To(log.Name, version).ToString() : null;
        Store = log.Store.Location;
    }

    /// <summary>The artifact.</summary>
    public string Name { get; }

    public string DistributedId { get; }

    public DistributedStatus Status { get; }

    public string Type { get; }

    /// <summary>Base version of all contributions, such as <c>mnist:v3</c>; null for none.</summary>
    public string? BaseVersion { get; }

    /// <summary>Contributions, in the order in which they were stored.</summary>
    public DistributedContribution[] Contributions { get; }

    /// <summary>The completed version, such as <c>mnist:v4</c>; null until completion.</summary>
    public string? Version { get; }

    /// <summary>The store's location.</summary>
    public string Store { get; }

    /// <inheritdoc cref="ItemPath"/>
    public string PSPath => ItemPath.OfNone("distributed", DistributedId);

    /// <inheritdoc cref="ItemPath.TextOf"/>
    public override string ToString() => ItemPath.TextOf("distributed", $"{Name} {DistributedId}");
}
