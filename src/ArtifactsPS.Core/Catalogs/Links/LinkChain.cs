using System.Runtime.CompilerServices;

namespace ArtifactsPS.Core.Catalogs.Links;

/// <summary>A version that another one links.</summary>
/// <param name="Store">The store that has it.</param>
/// <param name="Source">The version, as the one that links it names it.</param>
internal readonly record struct ChainedSource(VersionStore Store, LinkSource Source);

/// <summary>Versions that a version links: its source, the source of the source if that is a link, and so on.</summary>
internal static class LinkChain
{
    // A source exists before its link, so that there are no cycles. Records of a hostile store may have some.
    private const int MaxLength = 64;

    /// <summary>Streams the sources, nearest first, up to the first version that is a copy from another store. They may have been
    /// deleted.</summary>
    /// <exception cref="LinkedStoreUnavailableException">Another store can't be opened.</exception>
    public static IAsyncEnumerable<ChainedSource> ReadAsync(
        VersionStore store,
        VersionRecord version,
        CancellationToken cancellationToken
    ) => ReadAsync(store, version, entersStores: true, cancellationToken);

    /// <summary>Streams the sources in the store of the version, nearest first, up to the first link to another store. They may have
    /// been deleted.</summary>
    public static IAsyncEnumerable<ChainedSource> ReadInStoreAsync(
        VersionStore store,
        VersionRecord version,
        CancellationToken cancellationToken
    ) => ReadAsync(store, version, entersStores: false, cancellationToken);

    private static async IAsyncEnumerable<ChainedSource> ReadAsync(
        VersionStore store,
        VersionRecord version,
        bool entersStores,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var linking = version;
        for (var length = 0; linking?.Link is { } link && length < MaxLength; length++)
        {
            if (!link.IsInSameStore)
            {
                if (!entersStores || linking.StoredRoot is not null)
                    yield break;
                store = await store.OpenLinkedAsync(link, cancellationToken).ConfigureAwait(false);
            }
            yield return new ChainedSource(store, link);
            var catalog = store.OpenCatalog(link.Artifact);
            var state = await catalog.ReadAsync(cancellationToken).ConfigureAwait(false);
            linking = await state.FindAsync(link.Version, cancellationToken).ConfigureAwait(false);
            if (linking is null && link.Version < state.NextVersion)
                linking = (
                    await catalog.FindDeletedAsync(state, link.Version, cancellationToken).ConfigureAwait(false)
                )?.Record;
        }
    }
}
