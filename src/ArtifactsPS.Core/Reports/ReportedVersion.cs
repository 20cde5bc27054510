using System.Globalization;
using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Values;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace ArtifactsPS.Core.Reports;

/// <summary>Data of one version in a report.</summary>
/// <param name="Aliases"><c>latest</c> first.</param>
/// <param name="Change">Changes since the previous version; null for the first.</param>
/// <param name="Attestations">Signatures and evidence, one text each. They are not verified.</param>
/// <param name="ShowsMetadata">Whether the metadata is short enough to show.</param>
public sealed record ReportedVersion(
    VersionRecord Record,
    IReadOnlyList<AliasName> Aliases,
    VersionChange? Change,
    IReadOnlyList<string> Attestations,
    bool ShowsMetadata
)
{
    internal static string NameOf(int number) => "v" + number.ToString(CultureInfo.InvariantCulture);

    internal static int LengthOf(JObject? metadata) => metadata?.ToString(Formatting.None).Length ?? 0;

    internal JObject ToJson() =>
        new()
        {
            ["version"] = NameOf(Record.Number),
            ["digest"] = Record.Digest.ToString(),
            ["created"] = Timestamp.Format(Record.CreatedAt),
            ["by"] = Record.CreatedBy,
            ["entries"] = Record.Root.EntryCount,
            ["size"] = Record.Root.TotalSize,
            ["description"] = Record.Description,
            ["metadata"] = ShowsMetadata ? Record.Metadata : null,
            ["metadataOmitted"] = !ShowsMetadata,
            ["aliases"] = new JArray(Aliases.Select(alias => alias.ToString())),
            ["tags"] = new JArray(Record.Tags.Select(tag => tag.ToString())),
            ["run"] = Record.RunId?.ToString(),
            ["source"] = Record.Link?.ToString(),
            ["expires"] = Record.ExpiresAt is { } expiry ? Timestamp.Format(expiry) : null,
            ["attestations"] = new JArray(Attestations),
            ["change"] = Change?.ToJson(),
        };
}
