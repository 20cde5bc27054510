using ArtifactsPS.Core.Content.Blobs;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Manifests;

/// <summary>Stores the pages of a tree that are in memory only.</summary>
/// <param name="stored">Pages that the store has already, by digest.</param>
/// <param name="writer">Where they go; not flushed.</param>
/// <param name="cancellationToken">Stops it.</param>
internal sealed class ManifestWriter(
    IReadOnlyDictionary<Digest, PageReference> stored,
    ContentWriter writer,
    CancellationToken cancellationToken
)
{
    private const int PagesAtOnce = 64;

    /// <summary>Writes the pages of a tree, bottom up, so that each knows where the ones it lists lie.</summary>
    /// <param name="root">Has its location afterwards, and so have all below.</param>
    public async Task WriteTreeAsync(PageReference root)
    {
        var levels = new List<List<PageReference>>();
        for (List<PageReference> level = [root]; level.Count > 0; level = Below(level))
            levels.Add(level);
        for (var i = levels.Count - 1; i >= 0; i--)
            await WriteAsync(levels[i]).ConfigureAwait(false);
    }

    /// <summary>Writes pages as far as they are in memory only; those they list are written.</summary>
    public async Task WriteAsync(IReadOnlyList<PageReference> pages)
    {
        var unwritten = new List<PageReference>();
        foreach (var page in pages)
            if (page.Unwritten is not null && stored.TryGetValue(page.Digest, out var known))
                SetWritten(page, known.Location, known.Length);
            else if (page.Unwritten is not null)
                unwritten.Add(page);
        for (var start = 0; start < unwritten.Count; start += PagesAtOnce)
        {
            var some = unwritten.GetRange(start, Math.Min(PagesAtOnce, unwritten.Count - start));
            var locations = await writer
                .AppendSelfReferringAsync(
                    some.Count,
                    (i, pack) => PageFormat.Encode(some[i].Unwritten!, pack),
                    cancellationToken
                )
                .ConfigureAwait(false);
            for (var i = 0; i < some.Count; i++)
                SetWritten(some[i], locations[i].Location, locations[i].Size);
        }
    }

    private List<PageReference> Below(List<PageReference> level)
    {
        var below = new List<PageReference>();
        foreach (var reference in level)
            if (reference.Unwritten is { Level: > 0 } page && !stored.ContainsKey(reference.Digest))
                below.AddRange(page.Items.Cast<PageReference>().Where(item => item.Unwritten is not null));
        return below;
    }

    private static void SetWritten(PageReference page, BlobLocation location, int length)
    {
        (page.Location, page.Length) = (location, length);
        page.Unwritten = null;
    }
}
