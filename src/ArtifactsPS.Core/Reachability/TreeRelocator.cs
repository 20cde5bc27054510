using ArtifactsPS.Core.Content.Blobs;
using ArtifactsPS.Core.Manifests;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Reachability;

/// <summary>Says where content is that lay elsewhere; null when it stays where it is.</summary>
internal delegate ValueTask<BlobLocation?> FindMoved(Blob blob, CancellationToken cancellationToken);

/// <summary>
/// Writes pages anew whose content or whose own bytes are elsewhere from now on, and all pages above them. Their digests
/// stay what they are. The old pages stay, too, for whoever reads them just now.
/// </summary>
/// <param name="graph">The trees.</param>
/// <param name="pages">Reads pages.</param>
/// <param name="writer">Where pages go; not flushed.</param>
/// <param name="leaves">Whether an object is one that pages are to leave.</param>
/// <param name="find">Asked for the content of entries that need such an object.</param>
internal sealed class TreeRelocator(
    PageGraph graph,
    PageReader pages,
    ContentWriter writer,
    Func<Digest, bool> leaves,
    FindMoved find
)
{
    private static readonly Dictionary<Digest, PageReference> NothingStored = [];

    private readonly Dictionary<PageNode, PageReference> _moved = [];

    /// <summary>Pages that are stored elsewhere already, by digest, all below them included; taken where the graph's own
    /// can't be read or are to leave.</summary>
    public IReadOnlyDictionary<Digest, PageReference> Stored { get; init; } = NothingStored;

    /// <summary>Writes what has to be written.</summary>
    /// <returns>The trees that have another root from now on, and that root.</returns>
    public async Task<IReadOnlyList<(TreeOwner Owner, PageReference Old, PageReference New)>> RelocateAsync(
        CancellationToken cancellationToken
    )
    {
        var touched = graph
            .Objects.Where(item => leaves(item.Key))
            .SelectMany(item => item.Value.Pages.Concat(item.Value.Namers));
        // A page knows where those lie that it lists only once they are written.
        foreach (var node in PageGraph.WithAllAbove(touched).OrderBy(node => node.Reference.Level))
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
        var changed = leaves(node.Reference.Location.Object.Digest);
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
