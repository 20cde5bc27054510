using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Manifests;

/// <summary>Content of a page: entries, or the pages one level below, sorted by path.</summary>
internal sealed class ManifestPage(int level, IReadOnlyList<IPageItem> items)
{
    public int Level { get; } = level;

    public IReadOnlyList<IPageItem> Items { get; } = items;

    /// <summary>Index of the last item at or before a path; -1 if all items are after it.</summary>
    public int IndexAtOrBefore(EntryPath path) => IndexAtOrBefore(path.ToString());

    /// <summary>Index of the first item at or after a position in path order; the number of items if all are
    /// before it.</summary>
    public int IndexAtOrAfter(string position)
    {
        var before = IndexAtOrBefore(position);
        return before >= 0 && string.Equals(Items[before].Key.ToString(), position, StringComparison.Ordinal)
            ? before
            : before + 1;
    }

    /// <inheritdoc cref="IndexAtOrBefore(EntryPath)"/>
    /// <param name="position">Any text; it does not have to be a valid path.</param>
    public int IndexAtOrBefore(string position)
    {
        var low = 0;
        var high = Items.Count - 1;
        while (low <= high)
        {
            var middle = (low + high) >>> 1;
            if (EntryPath.Compare(Items[middle].Key.ToString(), position) <= 0)
                low = middle + 1;
            else
                high = middle - 1;
        }
        return high;
    }

    /// <summary>Computes the page's digest and totals.</summary>
    /// <exception cref="OverflowException">The total size exceeds 2^63 bytes.</exception>
    public UnstoredPage ToUnstoredPage()
    {
        long entries = 0;
        long size = 0;
        foreach (var item in Items)
            checked
            {
                if (item is TreePage child)
                    (entries, size) = (entries + child.EntryCount, size + child.TotalSize);
                else
                    (entries, size) = (entries + 1, size + (((ManifestEntry)item).Size ?? 0));
            }
        return new UnstoredPage
        {
            First = Items.Count > 0 ? Items[0].Key : default,
            Level = Level,
            Digest = PageDigest.Of(this),
            EntryCount = entries,
            TotalSize = size,
            Content = this,
        };
    }
}
