using ArtifactsPS.Core.Runs;

namespace ArtifactsPS.Output;

/// <summary>A version or run of a lineage, and what went into it.</summary>
public sealed class ArtifactLineageNode
{
    internal ArtifactLineageNode(LineageNode node, IEnumerable<string> from, string store)
    {
        Id = node.Id;
        Kind = node.Kind;
        Name = node.Name;
        Type = node.Type;
        Level = node.Level;
        IsGone = node.IsGone;
        From = [.. from];
        Store = store;
    }

    /// <summary>A version's <c>mnist:v3</c>, or a run's id.</summary>
    public string Id { get; }

    public LineageKind Kind { get; }

    /// <summary>What a run is called; for a version its id.</summary>
    public string Name { get; }

    /// <summary>A version's type, or a run's job type.</summary>
    public string? Type { get; }

    /// <summary>How many steps from the version that was asked for; below 0 upstream.</summary>
    public int Level { get; }

    /// <summary>Whether the version was deleted, or the run's record isn't in this store.</summary>
    public bool IsGone { get; }

    /// <summary>The ids of the nodes that went into it: the versions a run used, the runs that made a version.</summary>
    public string[] From { get; }

    /// <summary>The store's location.</summary>
    public string Store { get; }

    /// <inheritdoc/>
    public override string ToString() => Id;
}
