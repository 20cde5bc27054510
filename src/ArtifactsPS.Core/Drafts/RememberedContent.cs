using System.Collections.Concurrent;
using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Content.Blobs;
using ArtifactsPS.Core.Content.FileIndexing;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Drafts;

/// <summary>
/// Decides whether content is where a <see cref="FileIndex"/> says: in a version that the draft relies on, or in an object
/// that is there, be it only that of a draft which was never published. Safe for concurrent callers.
/// </summary>
/// <param name="index">The index.</param>
/// <param name="known">What earlier versions have.</param>
/// <param name="store">The store.</param>
/// <param name="held">Gets the objects that no version is known to have.</param>
internal sealed class RememberedContent(
    FileIndex index,
    ExistingContent known,
    IObjectStore store,
    ObjectProtection held
)
{
    private readonly ConcurrentDictionary<Digest, Lazy<Task<bool>>> _areThere = new();

    private readonly Lazy<FileRecord.Key?> _newest = new(() =>
        known.Versions.Count > 0 ? KeyOf(known.Versions[0]) : null
    );

    /// <summary>Names a version at the place where its pages are.</summary>
    public static FileRecord.Key KeyOf(PublishedVersion version) =>
        FileRecord.Key.Of($"{version.Reference} {version.Record.Root.Digest} {RootPlace.Of(version.Record.Root)}");

    /// <summary>Where a file's content is; null where that isn't certain.</summary>
    public async ValueTask<BlobLocation?> FindAsync(KnownFile file, CancellationToken cancellationToken)
    {
        // Where something is lost, reading the versions tells what is to be stored anew.
        if (
            file.Place is not { Object.Digest: { } source } place
            || await known.HasLostObjectsAsync(cancellationToken).ConfigureAwait(false)
        )
            return null;
        if (file.IsInBasis && index.Basis == _newest.Value)
            return await known.IsMissingAsync(place, cancellationToken).ConfigureAwait(false) ? null : place;
        // Of a file in chunks the list alone would be found.
        if (place.IsChunked)
            return null;
        var isThere = _areThere.GetOrAdd(source, _ => new(() => IsThereAsync(source, cancellationToken)));
        return await isThere.Value.ConfigureAwait(false) ? place : null;
    }

    private async Task<bool> IsThereAsync(Digest source, CancellationToken cancellationToken)
    {
        if (!await store.ExistsAsync(StoreLayout.ObjectKey(source), cancellationToken).ConfigureAwait(false))
            return false;
        held.AddNamed([source]);
        return true;
    }
}
