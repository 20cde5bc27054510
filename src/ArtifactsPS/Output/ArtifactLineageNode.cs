using ArtifactsPS.Core.Runs;

namespace ArtifactsPS.Output;

/// <summary>A version or run of a lineage, with the ids of its inputs.</summary>
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
        Store = node.Store?.Location ?? store;
        PSPath = Kind == LineageKind.Run ? ItemPath.OfNone("run", Id) : ItemPath.Of(Store, node.Reference);
    }

    /// <summary>A version's <c>mnist:v3</c>, or <c>mnist:v3 in /data/store</c> in another store, or a run's id.</summary>
    public string Id { get; }

    public LineageKind Kind { get; }

    /// <summary>Name of a run; id of a version.</summary>
    public string Name { get; }

    /// <summary>A version's type, or a run's job type.</summary>
    public string? Type { get; }

    /// <summary>Number of steps from the requested version; negative for upstream nodes.</summary>
    public int Level { get; }

    /// <summary>Whether the version was deleted, or the run's record isn't in this store.</summary>
    public bool IsGone { get; }

    /// <summary>Ids of the input nodes: the versions that a run used, or the runs that produced a version.</summary>
    public string[] From { get; }

    /// <summary>The store's location.</summary>
    public string Store { get; }

    /// <inheritdoc cref="ItemPath"/>
    public string PSPath { get; }

    /// <summary>The version (<c>mnist:v3</c>), or the text of a run.</summary>
    public override string ToString() => Kind == LineageKind.Run ? ItemPath.TextOf("run", Id) : Id;
}
