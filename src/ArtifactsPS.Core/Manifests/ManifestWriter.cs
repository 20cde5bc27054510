using ArtifactsPS.Content;

namespace ArtifactsPS.Manifests;

/// <summary>Stores the pages of a tree that are in memory only.</summary>
internal static class ManifestWriter
{
    /// <summary>Writes pages bottom up, so that each knows where the ones it lists lie.</summary>
    /// <param name="root">Has its location afterwards, and so have all below.</param>
    /// <param name="stored">Pages that the store has already, by digest.</param>
    /// <param name="writer">Where they go; not flushed.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    public static async Task WriteAsync(
        PageReference root,
        IReadOnlyDictionary<Digest, PageReference> stored,
        ContentWriter writer,
        CancellationToken cancellationToken
    )
    {
        if (root.Unwritten is not { } page)
            return;
        if (stored.TryGetValue(root.Digest, out var known))
        {
            (root.Location, root.Length, root.Unwritten) = (known.Location, known.Length, null);
            return;
        }
        if (page.Level > 0)
            foreach (var item in page.Items)
                await WriteAsync((PageReference)item, stored, writer, cancellationToken).ConfigureAwait(false);
        (root.Location, root.Length) = await writer
            .AppendSelfReferringAsync(pack => PageFormat.Encode(page, pack), cancellationToken)
            .ConfigureAwait(false);
        root.Unwritten = null;
    }
}
