using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Runs;
using ArtifactsPS.Core.Values;
using Newtonsoft.Json.Linq;

namespace ArtifactsPS.Core.Reports;

/// <summary>Data of one artifact in a report.</summary>
public sealed record ReportedArtifact
{
    /// <summary>State of the artifact, with its name and aliases.</summary>
    public required CatalogState State { get; init; }

    /// <summary>The newest versions, in ascending order.</summary>
    public required IReadOnlyList<ReportedVersion> Versions { get; init; }

    /// <summary>Largest entries of the latest version.</summary>
    public required ReportedListing Listing { get; init; }

    /// <summary>Lineage of the latest version: its nearest nodes.</summary>
    public required Lineage Lineage { get; init; }

    /// <summary>Whether the lineage has more nodes.</summary>
    public required bool IsLineageCut { get; init; }

    internal JObject ToJson()
    {
        var count = State.VersionCount;
        return new JObject
        {
            ["name"] = State.Name.ToString(),
            ["type"] = Listing.Version.Type.ToString(),
            ["description"] = Listing.Version.Description,
            ["artifactDescription"] = State.Description,
            ["tags"] = new JArray(State.Tags.Select(tag => tag.ToString())),
            ["aliases"] = new JArray(
                State
                    .Aliases.OrderBy(alias => !alias.Key.IsLatest)
                    .ThenBy(alias => alias.Key.ToString(), CaseInsensitiveName.Comparer)
                    .Select(alias => new JObject
                    {
                        ["name"] = alias.Key.ToString(),
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
