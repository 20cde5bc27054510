using ArtifactsPS.Core.Catalogs;
using Newtonsoft.Json.Linq;

namespace ArtifactsPS.Core.Reports;

/// <summary>What a report page shows of some artifacts of a store.</summary>
/// <param name="Store">Where the store is.</param>
/// <param name="CreatedAt">When it was read.</param>
/// <param name="Artifacts">In the order they are listed.</param>
public sealed record ArtifactReport(string Store, DateTimeOffset CreatedAt, IReadOnlyList<ReportedArtifact> Artifacts)
{
    internal JObject ToJson() =>
        new()
        {
            ["store"] = Store,
            ["created"] = Catalogs.Timestamp.Format(CreatedAt),
            ["artifacts"] = new JArray(Artifacts.Select(artifact => artifact.ToJson())),
        };
}
