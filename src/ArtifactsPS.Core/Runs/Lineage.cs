namespace ArtifactsPS.Core.Runs;

/// <summary>Which way to walk.</summary>
public enum LineageDirection
{
    /// <summary>What it was made from, and by which runs.</summary>
    Upstream,

    /// <summary>Which runs used it, and what they made.</summary>
    Downstream,

    /// <summary>Both.</summary>
    Both,
}

/// <summary>What stands in a lineage.</summary>
public enum LineageKind
{
    /// <summary>A version of an artifact.</summary>
    Version,

    /// <summary>A run.</summary>
    Run,
}

/// <summary>A version or run of a lineage.</summary>
public sealed record LineageNode
{
    /// <summary>A version's <c>name:v3</c>, or a run's id.</summary>
    public required string Id { get; init; }

    public required LineageKind Kind { get; init; }

    /// <summary>What a run is called; for a version its id.</summary>
    public required string Name { get; init; }

    /// <summary>A version's type, or a run's job type.</summary>
    public string? Type { get; init; }

    /// <summary>How many steps from where the walk began; below 0 upstream.</summary>
    public required int Level { get; init; }

    /// <summary>Whether it is known by its links only: the version was deleted, or the run's record isn't there.</summary>
    public required bool IsGone { get; init; }
}

/// <summary>Something that went into something: a version into a run that used it, a run into a version it made.</summary>
/// <param name="From">A node's id.</param>
/// <param name="To">A node's id.</param>
public readonly record struct LineageEdge(string From, string To);

/// <summary>Versions and runs, and what went into what.</summary>
/// <param name="Nodes">By level, then by id.</param>
/// <param name="Edges">By <see cref="LineageEdge.From"/>, then by <see cref="LineageEdge.To"/>.</param>
public sealed record Lineage(IReadOnlyList<LineageNode> Nodes, IReadOnlyList<LineageEdge> Edges);
