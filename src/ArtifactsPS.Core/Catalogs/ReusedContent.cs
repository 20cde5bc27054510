using ArtifactsPS.Content;
using ArtifactsPS.Manifests;
using ArtifactsPS.Stores;

namespace ArtifactsPS.Catalogs;

/// <summary>Finds the objects that others wrote and that something needs which is about to be committed. What can't be
/// looked through any more was cleaned up, since no version that is live needs it.</summary>
internal static class ReusedContent
{
    /// <summary>All objects that a tree needs.</summary>
    /// <exception cref="ObjectCleanedUpException">It is too late.</exception>
    public static Task<IReadOnlyCollection<Digest>> ObjectsOfAsync(
        VersionStore store,
        PageReference root,
        CancellationToken cancellationToken
    ) =>
        CollectAsync(
            store,
            async objects =>
            {
                var manifest = new Manifest(store.Pages, root);
                await foreach (var page in manifest.PagesAsync(cancellationToken).ConfigureAwait(false))
                    objects.Add(page.Location.Object!.Digest!.Value);
                await foreach (var entry in manifest.EntriesAsync(cancellationToken).ConfigureAwait(false))
                    objects.UnionWith(
                        await store.Content.ObjectsOfAsync(entry.Location, cancellationToken).ConfigureAwait(false)
                    );
            }
        );

    /// <summary>All objects that entries need.</summary>
    /// <exception cref="ObjectCleanedUpException">It is too late.</exception>
    public static Task<IReadOnlyCollection<Digest>> ObjectsOfAsync(
        VersionStore store,
        IEnumerable<ManifestEntry> entries,
        CancellationToken cancellationToken
    ) =>
        CollectAsync(
            store,
            async objects =>
            {
                foreach (var entry in entries)
                    objects.UnionWith(
                        await store.Content.ObjectsOfAsync(entry.Location, cancellationToken).ConfigureAwait(false)
                    );
            }
        );

    private static async Task<IReadOnlyCollection<Digest>> CollectAsync(
        VersionStore store,
        Func<HashSet<Digest>, Task> addAsync
    )
    {
        var objects = new HashSet<Digest>();
        try
        {
            await addAsync(objects).ConfigureAwait(false);
        }
        catch (ObjectMissingException e)
        {
            throw new ObjectCleanedUpException(store.Location, (string)e.Target!);
        }
        return objects;
    }
}
