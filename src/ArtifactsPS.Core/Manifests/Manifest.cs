using System.Runtime.CompilerServices;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Manifests;

/// <summary>Reads a version's entries: one by its path, those below a folder, or all; always in the order of paths.</summary>
public sealed class Manifest(PageReader pages, TreePage root)
{
    private const int PagesAhead = 3;

    /// <summary>The tree's root.</summary>
    public TreePage Root { get; } = root;

    internal PageReader Pages { get; } = pages;

    /// <summary>Finds one entry, reading one page per level.</summary>
    /// <returns>Null when the path isn't there.</returns>
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

    /// <summary>Streams the entries whose path begins with a prefix, reading no page that can't hold one.</summary>
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

    /// <summary>Streams what is directly in a folder, in the order of paths; what is in folders in it is passed over, not
    /// read.</summary>
    /// <param name="prefix">The folder, empty or ending in <c>/</c>; what follows, names in it are to begin with.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    public IAsyncEnumerable<FolderItem> ListAsync(string prefix, CancellationToken cancellationToken) =>
        new FolderListing(this, prefix).ItemsAsync(cancellationToken);

    /// <summary>Whether any entry is below a folder.</summary>
    /// <param name="folder">Ending in <c>/</c>.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    public async Task<bool> HasFolderAsync(string folder, CancellationToken cancellationToken)
    {
        await foreach (var _ in ListAsync(folder, cancellationToken).ConfigureAwait(false))
            return true;
        return false;
    }

    /// <summary>Streams the stored pages of the tree, the root first. Reads only pages above the lowest level.</summary>
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
        // A few pages are read and parsed ahead, while the caller works on the one before.
        var ahead = new Queue<(TreePage Reference, Task<ManifestPage> Reading)>();
        EntryPath? last = null;
        await foreach (var reference in LeafReferencesAsync(prefix, cancellationToken).ConfigureAwait(false))
        {
            var reading = Task.Run(() => Pages.ReadAsync(reference, cancellationToken).AsTask(), cancellationToken);
            ahead.Enqueue((reference, reading));
            if (ahead.Count > PagesAhead)
                yield return await NextAsync().ConfigureAwait(false);
        }
        while (ahead.Count > 0)
            yield return await NextAsync().ConfigureAwait(false);

        async Task<ManifestPage> NextAsync()
        {
            var (reference, reading) = ahead.Dequeue();
            var page = await reading.ConfigureAwait(false);
            if (page.Items.Count == 0)
                return page;
            // Each page is in order in itself, and begins where the one above says; that it ends before the next begins
            // shows only here.
            if (last is { } before && before >= page.Items[0].Key)
                throw reference is PageReference stored
                    ? Pages.Corrupt(stored, $"'{page.Items[0].Key}' is out of order")
                    : new InvalidDataException($"'{page.Items[0].Key}' is out of order.");
            last = page.Items[page.Items.Count - 1].Key;
            return page;
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
                // Paths with the prefix are one stretch: from the prefix itself on, until one that is greater lacks it.
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
