using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Manifests;

/// <summary>What becomes of one path.</summary>
/// <param name="Path">The path.</param>
/// <param name="Entry">What it is from now on; null when it goes.</param>
public readonly record struct EntryChange(EntryPath Path, ManifestEntry? Entry);

/// <summary>
/// Applies changes to a manifest's tree. Reads and makes anew only the runs of pages that a change falls into, level by
/// level; the result is the tree that the same entries would give from scratch.
/// </summary>
internal sealed class ManifestEditor(PageReader pages, CancellationToken cancellationToken)
{
    /// <param name="root">The tree to begin with; null for none.</param>
    /// <param name="changes">Sorted by path, each path once.</param>
    /// <returns>The new root; pages that the old tree doesn't have are in memory only.</returns>
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

        // The old root is the one page of its level; from there up all items are at hand.
        var items = root is null ? [] : (await pages.ReadAsync(root, cancellationToken).ConfigureAwait(false)).Items;
        var top = PageCutter.Cut(level, Merge(items, edits, 0, edits.Count));
        while (top.Count > 1)
            top = PageCutter.Cut(++level, [.. top]);
        return top.Count == 0
            ? new ManifestPage(0, []).ToUnstoredPage()
            : await LowestRootAsync(top[0]).ConfigureAwait(false);
    }

    // A page that lists a single page is not needed.
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
            var fresh = PageCutter.Cut(level, Merge(items, edits, next, stop));
            AddDifferences(above, old, fresh);
            next = stop;
        }
        return above;
    }

    // The run that a path falls into begins at a page that begins one by itself. Where the edits take away the very item
    // that makes it so, what is left belongs to the run before.
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

    // Both lists are sorted; so is what is added.
    private static void AddDifferences(List<Edit> edits, List<TreePage> old, List<TreePage> fresh)
    {
        var i = 0;
        foreach (var page in fresh)
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
