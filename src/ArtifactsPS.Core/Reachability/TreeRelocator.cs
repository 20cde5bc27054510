using ArtifactsPS.Core.Content.Blobs;
using ArtifactsPS.Core.Manifests;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Reachability;

/// <summary>Finds the new location of a blob; null if the blob stays where it is.</summary>
internal delegate ValueTask<BlobLocation?> FindNewLocation(Blob blob, CancellationToken cancellationToken);

/// <summary>
/// Rewrites the pages that are moved or whose entries' content has moved, and all their ancestors. Their digests don't
/// change. The old pages remain, because other processes may be reading them.
/// </summary>
/// <param name="writer">Receives the pages. It is not flushed.</param>
/// <param name="isSource">Whether pages are to be moved out of an object.</param>
/// <param name="find">Finds the new locations of the entries' content.</param>
internal sealed class TreeRelocator(
    PageGraph graph,
    PageReader pages,
    ContentWriter writer,
    Func<Digest, bool> isSource,
    FindNewLocation find
)
{
    private static readonly Dictionary<Digest, PageReference> NothingStored = [];

    private readonly Dictionary<PageNode, PageReference> _moved = [];

    /// <summary>Pages that are already stored elsewhere together with everything below them, by digest. They replace
    /// affected pages of the graph.</summary>
    public IReadOnlyDictionary<Digest, PageReference> Stored { get; init; } = NothingStored;

    /// <summary>Rewrites all affected pages, lowest level first.</summary>
    /// <returns>The trees whose root changed, with the old and the new root.</returns>
    public async Task<IReadOnlyList<(TreeOwner Owner, PageReference Old, PageReference New)>> RelocateAsync(
        CancellationToken cancellationToken
    )
    {
        var affected = graph
            .Objects.Where(item => isSource(item.Key))
            .SelectMany(item => item.Value.Pages.Concat(item.Value.ReferencingPages));
        // A page contains the locations of its children, so they are written first.
        foreach (var node in PageGraph.WithAncestors(affected).OrderBy(node => node.Reference.Level))
            if (await MoveAsync(node, cancellationToken).ConfigureAwait(false) is { } moved)
                _moved.Add(node, moved);
        return [.. _moved.SelectMany(item => item.Key.Owners.Select(owner => (owner, item.Key.Reference, item.Value)))];
    }

    private async Task<PageReference?> MoveAsync(PageNode node, CancellationToken cancellationToken)
    {
        if (Stored.TryGetValue(node.Reference.Digest, out var stored))
            return stored;
        ManifestPage page;
        try
        {
            page = await pages.ReadStoredAsync(node.Reference, cancellationToken).ConfigureAwait(false);
        }
        catch (ObjectLostException)
        {
            return null;
        }
        var changed = isSource(node.Reference.Location.Object.Digest);
        var items = new List<IPageItem>(page.Items.Count);
        foreach (var item in page.Items)
        {
            items.Add(await MoveAsync(item, cancellationToken).ConfigureAwait(false));
            changed |= !ReferenceEquals(items[items.Count - 1], item);
        }
        if (!changed)
            return null;
        return await new ManifestWriter(NothingStored, writer, cancellationToken)
            .WritePageAsync(new ManifestPage(page.Level, items).ToUnstoredPage())
            .ConfigureAwait(false);
    }

    private async ValueTask<IPageItem> MoveAsync(IPageItem item, CancellationToken cancellationToken)
    {
        if (item is PageReference child)
            return graph.Find(child) is { } node && _moved.TryGetValue(node, out var moved) ? moved : item;
        var entry = (ManifestEntry)item;
        return entry.Uri is null && await find(entry.Blob, cancellationToken).ConfigureAwait(false) is { } location
            ? ManifestEntry.File(entry.Path, entry.Blob with { Location = location }, entry.Executable)
            : item;
    }
}
