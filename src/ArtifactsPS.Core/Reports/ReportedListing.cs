using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Manifests;
using ArtifactsPS.Core.Values;
using Newtonsoft.Json.Linq;

namespace ArtifactsPS.Core.Reports;

/// <summary>The largest entries of a version.</summary>
/// <param name="Entries">Sorted by descending size, then by path.</param>
public sealed record ReportedListing(VersionRecord Version, IReadOnlyList<ManifestEntry> Entries)
{
    private static readonly IComparer<ManifestEntry> LargestFirst = Comparer<ManifestEntry>.Create(
        (a, b) =>
        {
            var order = (b.Size ?? 0).CompareTo(a.Size ?? 0);
            return order != 0 ? order : a.Path.CompareTo(b.Path);
        }
    );

    /// <summary>Reads all entries of a version, and keeps the largest. Those in another store are not read.</summary>
    public static async Task<ReportedListing> ReadAsync(
        PublishedVersion version,
        int limit,
        CancellationToken cancellationToken
    )
    {
        if (version.Record.StoredRoot is null)
            return new ReportedListing(version.Record, []);
        var largest = new SortedSet<ManifestEntry>(LargestFirst);
        await foreach (var entry in version.Manifest.EntriesAsync(cancellationToken).ConfigureAwait(false))
        {
            if (largest.Count == limit && LargestFirst.Compare(entry, largest.Max!) > 0)
                continue;
            largest.Add(entry);
            if (largest.Count > limit)
                largest.Remove(largest.Max!);
        }
        return new ReportedListing(version.Record, [.. largest]);
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
