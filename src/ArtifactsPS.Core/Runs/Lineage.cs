using ArtifactsPS.Core.Storage;

namespace ArtifactsPS.Core.Runs;

/// <summary>Direction of a lineage.</summary>
public enum LineageDirection
{
    /// <summary>Inputs: the runs that produced a version, and the versions that they used.</summary>
    Upstream,

    /// <summary>Outputs: the runs that used a version, and the versions that they produced.</summary>
    Downstream,

    /// <summary>Inputs and outputs.</summary>
    Both,
}

/// <summary>Kind of a node.</summary>
public enum LineageKind
{
    /// <summary>A version of an artifact.</summary>
    Version,

    /// <summary>A run.</summary>
    Run,
}

/// <summary>A node of a lineage: a version or a run.</summary>
public sealed record LineageNode
{
    /// <summary><c>name:v3</c> of a version, <c>name:v3 in /data/store</c> of a version in another store, or id of a run.</summary>
    public string Id => StorePlace.Qualify(Reference, Store);

    public required LineageKind Kind { get; init; }

    /// <summary>The other store that has a version; null for the store of the lineage. That store is not read.</summary>
    public StorePlace? Store { get; init; }

    /// <summary>For a version, its reference in its own store, such as <c>name:v3</c>; for a run its id.</summary>
    public required string Reference { get; init; }

    /// <summary>Name of a run; for a version its id.</summary>
    public required string Name { get; init; }

    /// <summary>Type of a version, or job type of a run; null for none.</summary>
    public string? Type { get; init; }

    /// <summary>Number of steps from the start; negative upstream.</summary>
    public required int Level { get; init; }

    /// <summary>Whether only links to it exist: the version was deleted, or the record of the run is missing.</summary>
    public required bool IsGone { get; init; }
}

/// <summary>An edge from a version to a run that used it, from a run to a version that it produced, or from a version to another
/// that has its entries and was published outside a run.</summary>
public readonly record struct LineageEdge(string From, string To);

/// <summary>A graph of versions and runs.</summary>
/// <param name="Nodes">Sorted by level, then by id.</param>
/// <param name="Edges">Sorted by <see cref="LineageEdge.From"/>, then by <see cref="LineageEdge.To"/>.</param>
public sealed record Lineage(IReadOnlyList<LineageNode> Nodes, IReadOnlyList<LineageEdge> Edges);
