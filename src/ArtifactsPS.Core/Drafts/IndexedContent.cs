using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Content.Blobs;
using ArtifactsPS.Core.Content.FileIndexing;
using ArtifactsPS.Core.Manifests;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Drafts;

/// <summary>
/// Checks places of content from a <see cref="FileIndex"/>: in a version that the draft relies on, or in an existing object,
/// possibly of a draft that was never published. Safe for concurrent callers.
/// </summary>
/// <param name="index">The index.</param>
/// <param name="existing">Content of earlier versions.</param>
/// <param name="store">The store.</param>
/// <param name="objects">Receives the objects that no known version protects.</param>
internal sealed class IndexedContent(
    FileIndex index,
    ExistingContent existing,
    IObjectStore store,
    ReliedObjects objects
)
{
    private readonly ObjectLengths _lengths = new(
        (digest, token) => store.GetLengthAsync(StoreLayout.ObjectKey(digest), token)
    );

    private readonly Lazy<FileIndexKey?> _newest = new(() =>
        existing.Versions.Count > 0 ? KeyOf(existing.Versions[0]) : null
    );

    /// <summary>Identifies a version together with the place of its pages.</summary>
    public static FileIndexKey KeyOf(PublishedVersion version) =>
        FileIndexKey.Of($"{version.Reference} {version.Record.Root.Digest} {PageLocation.Of(version.StoredRoot)}");

    /// <summary>Finds the content of an indexed file; null if it is not certain to be there.</summary>
    /// <param name="size">Size of the file in bytes.</param>
    public async ValueTask<BlobLocation?> FindAsync(KnownFile file, long size, CancellationToken cancellationToken)
    {
        // With damaged objects in the store, the file is read, so that damaged content is stored again.
        if (
            file.Location is not { StoredIn: { } source } place
            || await existing.HasDamagedObjectsAsync(cancellationToken).ConfigureAwait(false)
        )
            return null;
        if (file.IsInBasis && index.Basis == _newest.Value)
            return await existing.IsMissingAsync(place, size, cancellationToken).ConfigureAwait(false) ? null : place;
        // For a chunked file, the check would find only the list of its chunks.
        if (place.IsChunked)
            return null;
        if (!await _lengths.HasAsync(place, size, cancellationToken).ConfigureAwait(false))
            return null;
        objects.Add(source, place.Offset + place.StoredLength(size));
        return place;
    }
}
