using ArtifactsPS.Core.Content.Blobs;
using ArtifactsPS.Core.Manifests;

namespace ArtifactsPS.Core.Drafts;

/// <summary>Content of entries, in the store or in the files that references name.</summary>
public static class EntryContent
{
    /// <summary>Opens the content of an entry after checking it.</summary>
    /// <exception cref="ReferenceNotReadableException">The entry is a reference whose target is not a file.</exception>
    /// <exception cref="ReferenceChangedException">The entry is a reference whose target is missing or changed.</exception>
    public static Task<Stream> OpenCheckedAsync(
        ContentReader content,
        ManifestEntry entry,
        CancellationToken cancellationToken
    ) =>
        entry.Uri is null
            ? content.OpenCheckedAsync(entry.Blob, cancellationToken)
            : ReferencedFile.OpenCheckedAsync(entry, cancellationToken);
}
