using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Values;
using Newtonsoft.Json.Linq;

namespace ArtifactsPS.Core.Reports;

/// <summary>Content of a report about artifacts of a store.</summary>
/// <param name="Store">Location of the store.</param>
/// <param name="CreatedAt">Time at which the store was read.</param>
/// <param name="Artifacts">In display order.</param>
public sealed record ArtifactReport(string Store, DateTimeOffset CreatedAt, IReadOnlyList<ReportedArtifact> Artifacts)
{
    internal JObject ToJson() =>
        new()
        {
            ["store"] = Store,
            ["created"] = Timestamp.Format(CreatedAt),
            ["artifacts"] = new JArray(Artifacts.Select(artifact => artifact.ToJson())),
        };
}
