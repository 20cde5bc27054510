using ArtifactsPS.Content;
using ArtifactsPS.Manifests;
using ArtifactsPS.Platform;
using ArtifactsPS.Stores;

namespace ArtifactsPS.Catalogs;

/// <summary>Keeps content that others wrote from being cleaned up before what names it is committed.</summary>
internal static class ReusedContent
{
    /// <summary>Makes all objects that a tree needs young again.</summary>
    /// <exception cref="ObjectMissingException">One is gone.</exception>
    public static async Task TouchAsync(VersionStore store, PageReference root, CancellationToken cancellationToken)
    {
        var objects = new HashSet<Digest>();
        var manifest = new Manifest(store.Pages, root);
        await foreach (var page in manifest.PagesAsync(cancellationToken).ConfigureAwait(false))
            objects.Add(page.Location.Object!.Digest!.Value);
        await TouchAsync(store, objects, manifest.EntriesAsync(cancellationToken), cancellationToken)
            .ConfigureAwait(false);
    }

    /// <summary>Makes all objects that entries need young again.</summary>
    /// <exception cref="ObjectMissingException">One is gone.</exception>
    public static Task TouchAsync(
        VersionStore store,
        IEnumerable<ManifestEntry> entries,
        CancellationToken cancellationToken
    ) => TouchAsync(store, [], AsyncStream.Of(entries), cancellationToken);

    private static async Task TouchAsync(
        VersionStore store,
        HashSet<Digest> objects,
        IAsyncEnumerable<ManifestEntry> entries,
        CancellationToken cancellationToken
    )
    {
        await foreach (var entry in entries.ConfigureAwait(false))
            objects.UnionWith(
                await store.Content.ObjectsOfAsync(entry.Location, cancellationToken).ConfigureAwait(false)
            );
        foreach (var digest in objects)
            if (!await store.Objects.TouchAsync(ObjectHandle.KeyOf(digest), cancellationToken).ConfigureAwait(false))
                throw new ObjectMissingException(store.Location, ObjectHandle.KeyOf(digest));
    }
}
