using ArtifactsPS.Core.Content.Blobs;
using ArtifactsPS.Core.Manifests;
using ArtifactsPS.Core.References;

namespace ArtifactsPS.Core.Drafts;

/// <summary>Content of entries, in the store or at the targets of references.</summary>
public static class EntryContent
{
    /// <summary>Opens the content of an entry as a stream that can seek, and checks it as
    /// <see cref="ContentReader.OpenByPieceAsync"/> does. The target of a reference is checked before this returns.</summary>
    /// <param name="cancellationToken">Also cancels reads from the stream.</param>
    /// <exception cref="ReferenceNotReadableException">The entry is a reference, and nothing can read its target.</exception>
    /// <exception cref="ReferenceChangedException">The entry is a reference whose target has changed.</exception>
    public static Task<Stream> OpenAsync(
        ContentReader content,
        ReferencedContent references,
        ManifestEntry entry,
        CancellationToken cancellationToken
    ) =>
        entry.Uri is null
            ? content.OpenByPieceAsync(entry.Blob, cancellationToken)
            : references.OpenCheckedAsync(entry, cancellationToken);
}
