using ArtifactsPS.Core.Manifests;
using Newtonsoft.Json.Linq;

namespace ArtifactsPS.Core.Reports;

/// <summary>Number and total size of entries in bytes. A reference of unknown size counts as 0 bytes.</summary>
public readonly record struct EntryTally(long Entries, long Bytes)
{
    internal EntryTally Add(ManifestEntry entry) => new(Entries + 1, Bytes + (entry.Size ?? 0));

    internal JObject ToJson() => new() { ["entries"] = Entries, ["bytes"] = Bytes };
}

/// <summary>Changes between two versions.</summary>
/// <param name="Added">Entries of the later version only.</param>
/// <param name="Modified">Entries with different content, with their later size.</param>
/// <param name="Removed">Entries of the earlier version only.</param>
public sealed record VersionChange(EntryTally Added, EntryTally Modified, EntryTally Removed)
{
    /// <summary>Compares two versions by their manifests.</summary>
    public static async Task<VersionChange> BetweenAsync(
        Manifest earlier,
        Manifest later,
        CancellationToken cancellationToken
    )
    {
        EntryTally added = default;
        EntryTally modified = default;
        EntryTally removed = default;
        await foreach (
            var difference in ManifestComparer.CompareAsync(earlier, later, cancellationToken).ConfigureAwait(false)
        )
            if (difference.Right is not { } right)
                removed = removed.Add(difference.Left!);
            else if (difference.Left is null)
                added = added.Add(right);
            else
                modified = modified.Add(right);
        return new VersionChange(added, modified, removed);
    }

    internal JObject ToJson() =>
        new()
        {
            ["added"] = Added.ToJson(),
            ["modified"] = Modified.ToJson(),
            ["removed"] = Removed.ToJson(),
        };
}
