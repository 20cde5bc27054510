using ArtifactsPS.Core.Content.Blobs;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Manifests;

/// <summary>Names a page of a manifest, and sums up what is below it.</summary>
public sealed class PageReference : IPageItem
{
    /// <summary>The first path below the page; empty for a page without entries.</summary>
    public required EntryPath First { get; init; }

    /// <summary>0 for a page of entries, else one more than the pages it lists.</summary>
    public required int Level { get; init; }

    /// <summary>Covers all below the page but where bytes lie; the root's is the version's digest.</summary>
    public required Digest Digest { get; init; }

    /// <summary>How many entries are below the page.</summary>
    public required long EntryCount { get; init; }

    /// <summary>What the entries' content comes to, in bytes.</summary>
    public required long TotalSize { get; init; }

    /// <summary>Where the page's JSON is; meaningless while it is unwritten.</summary>
    public BlobLocation Location { get; internal set; }

    /// <summary>Of the page's JSON, in bytes.</summary>
    public int Length { get; internal set; }

    EntryPath IPageItem.Key => First;

    /// <summary>The page itself, as long as it is in memory only.</summary>
    internal ManifestPage? Unwritten { get; set; }
}

/// <summary>A page of a manifest: entries or references to pages, sorted by path.</summary>
internal sealed class ManifestPage(int level, IReadOnlyList<IPageItem> items)
{
    public int Level { get; } = level;

    public IReadOnlyList<IPageItem> Items { get; } = items;

    /// <summary>The index of the last item at or before a path; -1 when all are after it.</summary>
    public int IndexAtOrBefore(EntryPath path) => IndexAtOrBefore(path.ToString());

    /// <summary>The index of the first item at or after a place in the order of paths; the number of items when all are
    /// before it.</summary>
    public int IndexAtOrAfter(string place)
    {
        var before = IndexAtOrBefore(place);
        return before >= 0 && string.Equals(Items[before].Key.ToString(), place, StringComparison.Ordinal)
            ? before
            : before + 1;
    }

    /// <inheritdoc cref="IndexAtOrBefore(EntryPath)"/>
    /// <param name="place">A place in the order of paths, which need not be one that an entry can have.</param>
    public int IndexAtOrBefore(string place)
    {
        var low = 0;
        var high = Items.Count - 1;
        while (low <= high)
        {
            var middle = (low + high) >>> 1;
            if (EntryPath.Compare(Items[middle].Key.ToString(), place) <= 0)
                low = middle + 1;
            else
                high = middle - 1;
        }
        return high;
    }

    /// <summary>Makes the reference to this page, which isn't stored yet.</summary>
    /// <exception cref="OverflowException">The sizes come to more than any store can hold.</exception>
    public PageReference ToReference()
    {
        long entries = 0;
        long size = 0;
        foreach (var item in Items)
            checked
            {
                if (item is PageReference child)
                    (entries, size) = (entries + child.EntryCount, size + child.TotalSize);
                else
                    (entries, size) = (entries + 1, size + (((ManifestEntry)item).Size ?? 0));
            }
        return new PageReference
        {
            First = Items.Count > 0 ? Items[0].Key : default,
            Level = Level,
            Digest = PageDigest.Of(this),
            EntryCount = entries,
            TotalSize = size,
            Unwritten = this,
        };
    }
}
