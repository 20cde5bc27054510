using System.Collections.Concurrent;
using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Concurrency;
using ArtifactsPS.Core.Content.Blobs;
using ArtifactsPS.Core.Manifests;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Drafts;

/// <summary>Finds the objects of other writers that a commit needs. A page that can't be read any more was cleaned up, since no
/// live version needs it.</summary>
internal static class ReusedContent
{
    /// <summary>All objects that a tree needs.</summary>
    /// <exception cref="ObjectCleanedUpException">An object is missing.</exception>
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
    /// <exception cref="ObjectCleanedUpException">An object is missing.</exception>
    public static Task<IReadOnlyCollection<Digest>> ObjectsOfAsync(
        VersionStore store,
        IEnumerable<ManifestEntry> entries,
        CancellationToken cancellationToken
    ) => CollectAsync(store, AsyncStream.Of<PageReference>([]), AsyncStream.Of(entries), cancellationToken);

    /// <summary>All objects that live versions protect and a tree needs.</summary>
    /// <param name="leavesOut">Whether to leave out the content of an entry.</param>
    /// <exception cref="ObjectLostException">A page or a list of chunks is missing or damaged.</exception>
    public static Task<IReadOnlyCollection<Digest>> ProtectedObjectsOfAsync(
        VersionStore store,
        PageReference root,
        Func<ManifestEntry, bool> leavesOut,
        CancellationToken cancellationToken
    )
    {
        var manifest = new Manifest(store.Pages, root);
        return ReadAsync(
            store,
            manifest.PagesAsync(cancellationToken),
            manifest.EntriesAsync(cancellationToken),
            leavesOut,
            cancellationToken
        );
    }

    private static async Task<IReadOnlyCollection<Digest>> CollectAsync(
        VersionStore store,
        IAsyncEnumerable<PageReference> pages,
        IAsyncEnumerable<ManifestEntry> entries,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return await ReadAsync(store, pages, entries, _ => false, cancellationToken).ConfigureAwait(false);
        }
        catch (ObjectMissingException e)
        {
            throw new ObjectCleanedUpException(store.Location, (string)e.Target!, e);
        }
    }

    private static async Task<IReadOnlyCollection<Digest>> ReadAsync(
        VersionStore store,
        IAsyncEnumerable<PageReference> pages,
        IAsyncEnumerable<ManifestEntry> entries,
        Func<ManifestEntry, bool> leavesOut,
        CancellationToken cancellationToken
    )
    {
        var objects = new HashSet<Digest>();
        var ofChunks = new ConcurrentBag<IEnumerable<Digest>>();
        using var lists = new WorkQueue<BlobLocation>(
            async (location, token) =>
                ofChunks.Add(await store.Content.ObjectsOfAsync(location, token).ConfigureAwait(false)),
            cancellationToken
        );
        await foreach (var page in pages.ConfigureAwait(false))
            objects.Add(page.Location.Object.Digest);
        await foreach (var entry in entries.ConfigureAwait(false))
            if (entry.Location.StoredIn is { } digest && !leavesOut(entry))
            {
                objects.Add(digest);
                if (entry.Location.IsChunked)
                    await lists.AddAsync(entry.Location).ConfigureAwait(false);
            }
        await lists.CompleteAsync().ConfigureAwait(false);
        foreach (var chunks in ofChunks)
            objects.UnionWith(chunks);
        return objects;
    }
}
