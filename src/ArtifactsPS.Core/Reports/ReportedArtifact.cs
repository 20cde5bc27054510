using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Runs;
using ArtifactsPS.Core.Values;
using Newtonsoft.Json.Linq;

namespace ArtifactsPS.Core.Reports;

/// <summary>What a report shows of one artifact.</summary>
public sealed record ReportedArtifact
{
    /// <summary>Its name, and what its versions are called.</summary>
    public required CatalogState State { get; init; }

    /// <summary>The newest versions, ascending.</summary>
    public required IReadOnlyList<ReportedVersion> Versions { get; init; }

    /// <summary>What the latest version holds.</summary>
    public required ReportedListing Listing { get; init; }

    /// <summary>What the latest version was made from, and what from it: the nearest of it.</summary>
    public required Lineage Lineage { get; init; }

    /// <summary>Whether the lineage goes on beyond what is here.</summary>
    public required bool IsLineageCut { get; init; }

    internal JObject ToJson()
    {
        var count = State.VersionNumbers.Count();
        return new JObject
        {
            ["name"] = State.Name,
            ["type"] = Listing.Version.Type,
            ["description"] = Listing.Version.Description,
            ["aliases"] = new JArray(
                State
                    .Aliases.OrderBy(alias => !Names.Comparer.Equals(alias.Key, Names.Latest))
                    .ThenBy(alias => alias.Key, Names.Comparer)
                    .Select(alias => new JObject
                    {
                        ["name"] = alias.Key,
                        ["version"] = ReportedVersion.NameOf(alias.Value),
                    })
            ),
            ["versionCount"] = count,
            ["omitted"] = count - Versions.Count,
            ["versions"] = new JArray(Versions.Select(version => version.ToJson())),
            ["listing"] = Listing.ToJson(),
            ["lineage"] = LineageToJson(),
        };
    }

    private JObject LineageToJson() =>
        new()
        {
            ["omitted"] = IsLineageCut,
            ["nodes"] = new JArray(
                Lineage.Nodes.Select(node => new JObject
                {
                    ["id"] = node.Id,
                    ["kind"] = node.Kind == LineageKind.Run ? "run" : "version",
                    ["name"] = node.Name,
                    ["type"] = node.Type,
                    ["level"] = node.Level,
                    ["gone"] = node.IsGone,
                })
            ),
            ["edges"] = new JArray(
                Lineage.Edges.Select(edge => new JObject { ["from"] = edge.From, ["to"] = edge.To })
            ),
        };
}
