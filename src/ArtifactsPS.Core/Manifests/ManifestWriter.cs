using ArtifactsPS.Core.Content.Blobs;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Manifests;

/// <summary>Stores the pages of a tree that exist in memory only.</summary>
/// <param name="stored">Pages that the store already has, by digest. They are reused.</param>
/// <param name="writer">Receives the pages. It is not flushed.</param>
/// <param name="cancellationToken">Cancels all calls.</param>
internal sealed class ManifestWriter(
    IReadOnlyDictionary<Digest, PageReference> stored,
    ContentWriter writer,
    CancellationToken cancellationToken
)
{
    private const int PagesAtOnce = 64;
    private static readonly Dictionary<UnstoredPage, PageReference> NoPages = [];

    /// <summary>Writes the pages of a tree, lowest level first, because a page contains the locations of its
    /// children.</summary>
    /// <returns>The stored root.</returns>
    public async Task<PageReference> WriteTreeAsync(TreePage root)
    {
        if (root is not UnstoredPage top)
            return (PageReference)root;
        var levels = new List<List<UnstoredPage>>();
        for (List<UnstoredPage> level = [top]; level.Count > 0; level = UnstoredChildren(level))
            levels.Add(level);
        var written = new Dictionary<UnstoredPage, PageReference>();
        for (var i = levels.Count - 1; i >= 0; i--)
        {
            var references = await WriteAsync(levels[i], written).ConfigureAwait(false);
            for (var j = 0; j < references.Length; j++)
                written[levels[i][j]] = references[j];
        }
        return written[top];
    }

    /// <summary>Writes a page whose children are stored.</summary>
    public async Task<PageReference> WritePageAsync(UnstoredPage page) =>
        (await WriteAsync([page], NoPages).ConfigureAwait(false))[0];

    private async Task<PageReference[]> WriteAsync(
        List<UnstoredPage> pages,
        Dictionary<UnstoredPage, PageReference> children
    )
    {
        var references = new PageReference[pages.Count];
        var pending = new List<int>();
        for (var i = 0; i < pages.Count; i++)
            if (stored.TryGetValue(pages[i].Digest, out var known))
                references[i] = pages[i].At(known.Location, known.Length);
            else
                pending.Add(i);
        for (var start = 0; start < pending.Count; start += PagesAtOnce)
        {
            var batch = pending.GetRange(start, Math.Min(PagesAtOnce, pending.Count - start));
            var locations = await writer
                .AppendSelfReferringAsync(
                    batch.Count,
                    (i, pack) => PageFormat.Encode(WithStored(pages[batch[i]].Content, children), pack),
                    cancellationToken
                )
                .ConfigureAwait(false);
            for (var i = 0; i < batch.Count; i++)
                references[batch[i]] = pages[batch[i]].At(locations[i].Location, locations[i].Size);
        }
        return references;
    }

    private static ManifestPage WithStored(ManifestPage page, Dictionary<UnstoredPage, PageReference> children) =>
        page.Level == 0
            ? page
            : new ManifestPage(
                page.Level,
                [.. page.Items.Select(item => item is UnstoredPage child ? children[child] : item)]
            );

    private List<UnstoredPage> UnstoredChildren(List<UnstoredPage> level)
    {
        var children = new List<UnstoredPage>();
        foreach (var page in level)
            if (page.Level > 0 && !stored.ContainsKey(page.Digest))
                children.AddRange(page.Content.Items.OfType<UnstoredPage>());
        return children;
    }
}
