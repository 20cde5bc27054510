using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Manifests;

/// <summary>Change of one path.</summary>
/// <param name="Entry">New entry; null removes the path.</param>
public readonly record struct EntryChange(EntryPath Path, ManifestEntry? Entry);

/// <summary>
/// Applies changes to a manifest's tree. Reads and rebuilds only the runs of pages that contain a change, level by level.
/// The result equals the tree built from the same entries from scratch.
/// </summary>
internal sealed class ManifestEditor(PageReader pages, CancellationToken cancellationToken)
{
    /// <param name="root">Tree to change; null for an empty one.</param>
    /// <param name="changes">Sorted by path, each path once.</param>
    /// <returns>The new root. Pages that the old tree doesn't have exist in memory only.</returns>
    public async Task<TreePage> ApplyAsync(TreePage? root, IReadOnlyList<EntryChange> changes)
    {
        if (root is not null && changes.Count == 0)
            return root;
        var edits = new List<Edit>(changes.Count);
        foreach (var (path, entry) in changes)
            edits.Add(new Edit(path, entry));

        var level = 0;
        for (; root is not null && level < root.Level; level++)
            edits = await EditLevelAsync(root, level, edits).ConfigureAwait(false);

        // The old root is the only page of its level. From there up, all items are in memory.
        var items = root is null ? [] : (await pages.ReadAsync(root, cancellationToken).ConfigureAwait(false)).Items;
        var top = PageCutter.Cut(level, Merge(items, edits, 0, edits.Count));
        while (top.Count > 1)
            top = PageCutter.Cut(++level, [.. top]);
        return top.Count == 0
            ? new ManifestPage(0, []).ToUnstoredPage()
            : await LowestRootAsync(top[0]).ConfigureAwait(false);
    }

    // Skips pages that list a single page.
    private async Task<TreePage> LowestRootAsync(TreePage root)
    {
        while (root.Level > 0)
        {
            var page = await pages.ReadAsync(root, cancellationToken).ConfigureAwait(false);
            if (page.Items.Count > 1)
                break;
            root = (TreePage)page.Items[0];
        }
        return root;
    }

    private async Task<List<Edit>> EditLevelAsync(TreePage root, int level, List<Edit> edits)
    {
        var above = new List<Edit>();
        var next = 0;
        while (next < edits.Count)
        {
            var cursor = await SeekRunAsync(root, level, edits, edits[next].Path).ConfigureAwait(false);
            var old = new List<TreePage>();
            var items = new List<IPageItem>();
            TreePage? end;
            do
            {
                old.Add(cursor.Current);
                items.AddRange((await pages.ReadAsync(cursor.Current, cancellationToken).ConfigureAwait(false)).Items);
                end = await cursor.MoveNextAsync(cancellationToken).ConfigureAwait(false) ? cursor.Current : null;
            } while (end is not null && !(PageCutter.BeginsRun(end.First, level) && !IsRemoved(edits, end.First)));

            var stop = end is null ? edits.Count : FirstAtOrAfter(edits, end.First);
            var rebuilt = PageCutter.Cut(level, Merge(items, edits, next, stop));
            AddDifferences(above, old, rebuilt);
            next = stop;
        }
        return above;
    }

    // Finds the start of the run that contains a path: a page whose first item begins a run. If the edits remove that item,
    // the rest of the page belongs to the preceding run.
    private async Task<PageCursor> SeekRunAsync(TreePage root, int level, List<Edit> edits, EntryPath path)
    {
        var cursor = await PageCursor
            .SeekAsync(pages, root, level, path.ToString(), cancellationToken)
            .ConfigureAwait(false);
        while (!PageCutter.BeginsRun(cursor.Current.First, level) || IsRemoved(edits, cursor.Current.First))
            if (!await cursor.MovePreviousAsync(cancellationToken).ConfigureAwait(false))
                break;
        return cursor;
    }

    private static List<IPageItem> Merge(IReadOnlyList<IPageItem> items, List<Edit> edits, int next, int stop)
    {
        var merged = new List<IPageItem>(items.Count + stop - next);
        foreach (var item in items)
        {
            var key = item.Key;
            for (; next < stop && edits[next].Path < key; next++)
                Add(edits[next].Item);
            if (next < stop && edits[next].Path == key)
                Add(edits[next++].Item);
            else
                merged.Add(item);
        }
        for (; next < stop; next++)
            Add(edits[next].Item);
        return merged;

        void Add(IPageItem? item)
        {
            if (item is not null)
                merged.Add(item);
        }
    }

    // Both lists are sorted, and so are the added edits.
    private static void AddDifferences(List<Edit> edits, List<TreePage> old, List<TreePage> rebuilt)
    {
        var i = 0;
        foreach (var page in rebuilt)
        {
            for (; i < old.Count && old[i].First < page.First; i++)
                edits.Add(new Edit(old[i].First, null));
            var replaced = i < old.Count && old[i].First == page.First ? old[i++] : null;
            if (replaced?.Digest != page.Digest)
                edits.Add(new Edit(page.First, page));
        }
        for (; i < old.Count; i++)
            edits.Add(new Edit(old[i].First, null));
    }

    private static bool IsRemoved(List<Edit> edits, EntryPath path)
    {
        var index = FirstAtOrAfter(edits, path);
        return index < edits.Count && edits[index].Path == path && edits[index].Item is null;
    }

    private static int FirstAtOrAfter(List<Edit> edits, EntryPath path)
    {
        var low = 0;
        var high = edits.Count;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (edits[middle].Path < path)
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }

    private readonly record struct Edit(EntryPath Path, IPageItem? Item);
}
