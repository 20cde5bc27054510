using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Manifests;
using ArtifactsPS.Core.Values;
using Newtonsoft.Json.Linq;

namespace ArtifactsPS.Core.Reports;

/// <summary>The largest entries of a version.</summary>
/// <param name="Version">The version.</param>
/// <param name="Entries">The largest first; of equal size by path.</param>
public sealed record ReportedListing(VersionRecord Version, IReadOnlyList<ManifestEntry> Entries)
{
    private static readonly IComparer<ManifestEntry> LargestFirst = Comparer<ManifestEntry>.Create(
        (a, b) =>
        {
            var order = (b.Size ?? 0).CompareTo(a.Size ?? 0);
            return order != 0 ? order : a.Path.CompareTo(b.Path);
        }
    );

    /// <summary>Reads all entries of a version, and holds no more than it keeps.</summary>
    public static async Task<ReportedListing> ReadAsync(
        PublishedVersion version,
        int limit,
        CancellationToken cancellationToken
    )
    {
        var kept = new SortedSet<ManifestEntry>(LargestFirst);
        await foreach (var entry in version.Manifest.EntriesAsync(cancellationToken).ConfigureAwait(false))
        {
            if (kept.Count == limit && LargestFirst.Compare(entry, kept.Max!) > 0)
                continue;
            kept.Add(entry);
            if (kept.Count > limit)
                kept.Remove(kept.Max!);
        }
        return new ReportedListing(version.Record, [.. kept]);
    }

    internal JObject ToJson() =>
        new()
        {
            ["version"] = ReportedVersion.NameOf(Version.Number),
            ["total"] = Version.Root.EntryCount,
            ["totalSize"] = Version.Root.TotalSize,
            ["shownSize"] = Entries.Sum(entry => entry.Size ?? 0),
            ["entries"] = new JArray(Entries.Select(ToJson)),
        };

    private static JObject ToJson(ManifestEntry entry)
    {
        var json = new JObject
        {
            ["path"] = entry.Path.ToString(),
            ["size"] = entry.Size,
            ["digest"] = entry.Digest?.ToString(),
        };
        if (entry.Executable)
            json["executable"] = true;
        if (entry.Uri is not null)
            json["uri"] = entry.Uri;
        return json;
    }
}
