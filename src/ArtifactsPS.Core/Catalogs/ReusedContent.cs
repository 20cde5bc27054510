using ArtifactsPS.Content;
using ArtifactsPS.Manifests;

namespace ArtifactsPS.Catalogs;

/// <summary>Finds the objects that others wrote and that something needs which is about to be committed.</summary>
internal static class ReusedContent
{
    /// <summary>All objects that a tree needs.</summary>
    public static async Task<IReadOnlyCollection<Digest>> ObjectsOfAsync(
        VersionStore store,
        PageReference root,
        CancellationToken cancellationToken
    )
    {
        var objects = new HashSet<Digest>();
        var manifest = new Manifest(store.Pages, root);
        await foreach (var page in manifest.PagesAsync(cancellationToken).ConfigureAwait(false))
            objects.Add(page.Location.Object!.Digest!.Value);
        await foreach (var entry in manifest.EntriesAsync(cancellationToken).ConfigureAwait(false))
            objects.UnionWith(
                await store.Content.ObjectsOfAsync(entry.Location, cancellationToken).ConfigureAwait(false)
            );
        return objects;
    }

    /// <summary>All objects that entries need.</summary>
    public static async Task<IReadOnlyCollection<Digest>> ObjectsOfAsync(
        VersionStore store,
        IEnumerable<ManifestEntry> entries,
        CancellationToken cancellationToken
    )
    {
        var objects = new HashSet<Digest>();
        foreach (var entry in entries)
            objects.UnionWith(
                await store.Content.ObjectsOfAsync(entry.Location, cancellationToken).ConfigureAwait(false)
            );
        return objects;
    }
}
