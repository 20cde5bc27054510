using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Concurrency;
using ArtifactsPS.Core.Manifests;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Drafts;

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
    )
    {
        var manifest = new Manifest(store.Pages, root);
        return CollectAsync(
            store,
            manifest.PagesAsync(cancellationToken),
            manifest.EntriesAsync(cancellationToken),
            cancellationToken
        );
    }

    /// <summary>All objects that entries need.</summary>
    /// <exception cref="ObjectCleanedUpException">It is too late.</exception>
    public static Task<IReadOnlyCollection<Digest>> ObjectsOfAsync(
        VersionStore store,
        IEnumerable<ManifestEntry> entries,
        CancellationToken cancellationToken
    ) => CollectAsync(store, AsyncStream.Of<PageReference>([]), AsyncStream.Of(entries), cancellationToken);

    private static async Task<IReadOnlyCollection<Digest>> CollectAsync(
        VersionStore store,
        IAsyncEnumerable<PageReference> pages,
        IAsyncEnumerable<ManifestEntry> entries,
        CancellationToken cancellationToken
    )
    {
        var objects = new HashSet<Digest>();
        try
        {
            await foreach (var page in pages.ConfigureAwait(false))
                objects.Add(page.Location.Object.Digest);
            await foreach (var entry in entries.ConfigureAwait(false))
                objects.UnionWith(
                    await store.Content.ObjectsOfAsync(entry.Location, cancellationToken).ConfigureAwait(false)
                );
        }
        catch (ObjectMissingException e)
        {
            throw new ObjectCleanedUpException(store.Location, (string)e.Target!, e);
        }
        return objects;
    }
}
