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
        if (root.Unwritten is { Level: > 0 } page && !stored.ContainsKey(root.Digest))
            foreach (var item in page.Items)
                await WriteAsync((PageReference)item, stored, writer, cancellationToken).ConfigureAwait(false);
        await WritePageAsync(root, stored, writer, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Writes one page, if it is in memory only; those it lists are written.</summary>
    public static async Task WritePageAsync(
        PageReference reference,
        IReadOnlyDictionary<Digest, PageReference> stored,
        ContentWriter writer,
        CancellationToken cancellationToken
    )
    {
        if (reference.Unwritten is not { } page)
            return;
        (reference.Location, reference.Length) = stored.TryGetValue(reference.Digest, out var known)
            ? (known.Location, known.Length)
            : await writer
                .AppendSelfReferringAsync(pack => PageFormat.Encode(page, pack), cancellationToken)
                .ConfigureAwait(false);
        reference.Unwritten = null;
    }
}
