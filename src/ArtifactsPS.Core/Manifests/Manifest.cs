using System.Runtime.CompilerServices;
using ArtifactsPS.Core.Concurrency;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Manifests;

/// <summary>Tree of the entries of a version, read page by page. All streams are in path order.</summary>
public sealed class Manifest(PageReader pages, TreePage root)
{
    private const int PagesAtOnce = 4;

    public TreePage Root { get; } = root;

    internal PageReader Pages { get; } = pages;

    /// <summary>Finds one entry, reading one page per level.</summary>
    /// <returns>Null if no entry has this path.</returns>
    public async ValueTask<ManifestEntry?> FindAsync(EntryPath path, CancellationToken cancellationToken)
    {
        var reference = Root;
        while (true)
        {
            var page = await Pages.ReadAsync(reference, cancellationToken).ConfigureAwait(false);
            var index = page.IndexAtOrBefore(path);
            if (index < 0)
                return null;
            if (page.Items[index] is ManifestEntry entry)
                return entry.Path == path ? entry : null;
            reference = (TreePage)page.Items[index];
        }
    }

    /// <summary>Streams all entries.</summary>
    public IAsyncEnumerable<ManifestEntry> EntriesAsync(CancellationToken cancellationToken) =>
        EntriesAsync("", cancellationToken);

    /// <summary>Streams the entries whose path starts with a prefix. Reads only pages that can contain such entries.</summary>
    public async IAsyncEnumerable<ManifestEntry> EntriesAsync(
        string prefix,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        await foreach (var page in LeavesAsync(prefix, cancellationToken).ConfigureAwait(false))
        foreach (var item in page.Items)
        {
            var entry = (ManifestEntry)item;
            if (entry.Path.IsBelow(prefix))
                yield return entry;
        }
    }

    /// <summary>Streams the entries that at least one of the selectors selects, each once.</summary>
    public IAsyncEnumerable<ManifestEntry> EntriesAsync(
        IEnumerable<EntrySelector> selectors,
        CancellationToken cancellationToken
    ) => new SelectedEntries(this, selectors).ListAsync(cancellationToken);

    /// <summary>Streams the files and folders directly in a folder, in path order. Skips the entries of subfolders without
    /// reading them.</summary>
    /// <param name="prefix">Folder, empty or ending in <c>/</c>, optionally followed by the first characters of the
    /// names to list.</param>
    public IAsyncEnumerable<FolderItem> ListAsync(string prefix, CancellationToken cancellationToken) =>
        new FolderListing(this, prefix).ItemsAsync(cancellationToken);

    /// <summary>Whether any entry is below a folder.</summary>
    /// <param name="folder">Path that ends in <c>/</c>.</param>
    public async Task<bool> HasFolderAsync(string folder, CancellationToken cancellationToken)
    {
        await foreach (var _ in ListAsync(folder, cancellationToken).ConfigureAwait(false))
            return true;
        return false;
    }

    /// <summary>Streams the stored pages of the tree, parents before children. Reads only pages above the lowest level.</summary>
    internal async IAsyncEnumerable<PageReference> PagesAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var pending = new Stack<TreePage>();
        pending.Push(Root);
        while (pending.Count > 0)
        {
            var reference = pending.Pop();
            if (reference is PageReference stored)
                yield return stored;
            if (reference.Level == 0)
                continue;
            var page = await Pages.ReadAsync(reference, cancellationToken).ConfigureAwait(false);
            for (var i = page.Items.Count - 1; i >= 0; i--)
                pending.Push((TreePage)page.Items[i]);
        }
    }

    private async IAsyncEnumerable<ManifestPage> LeavesAsync(
        string prefix,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        // Reads and parses a few pages ahead while the caller processes the current one.
        var leaves = InParallel.SelectAsync(
            LeafReferencesAsync(prefix, cancellationToken),
            PagesAtOnce,
            reference => Task.Run(() => Pages.ReadAsync(reference, cancellationToken).AsTask(), cancellationToken)
        );
        EntryPath? last = null;
        await foreach (var (reference, page) in leaves.ConfigureAwait(false))
        {
            if (page.Items.Count > 0)
            {
                // The decoder checks the order within a page, and the reader checks its first path. Only this check detects
                // pages that overlap.
                if (last is { } before && before >= page.Items[0].Key)
                    throw reference is PageReference stored
                        ? Pages.Corrupt(stored, $"'{page.Items[0].Key}' is out of order")
                        : new InvalidDataException($"'{page.Items[0].Key}' is out of order.");
                last = page.Items[page.Items.Count - 1].Key;
            }
            yield return page;
        }
    }

    private async IAsyncEnumerable<TreePage> LeafReferencesAsync(
        string prefix,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var pending = new Stack<TreePage>();
        pending.Push(Root);
        while (pending.Count > 0)
        {
            var reference = pending.Pop();
            if (reference.Level == 0)
            {
                yield return reference;
                continue;
            }
            var page = await Pages.ReadAsync(reference, cancellationToken).ConfigureAwait(false);
            for (var i = page.Items.Count - 1; i >= 0; i--)
            {
                var child = (TreePage)page.Items[i];
                // Paths with the prefix are contiguous: they start at the prefix itself.
                var beginsAfter = EntryPath.Compare(child.First.ToString(), prefix) > 0 && !child.First.IsBelow(prefix);
                var endsBefore =
                    i + 1 < page.Items.Count
                    && EntryPath.Compare(page.Items[i + 1].Key.ToString(), prefix) <= 0
                    && !page.Items[i + 1].Key.IsBelow(prefix);
                if (!beginsAfter && !endsBefore)
                    pending.Push(child);
            }
        }
    }
}
