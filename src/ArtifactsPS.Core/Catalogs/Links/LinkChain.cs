using System.Runtime.CompilerServices;

namespace ArtifactsPS.Core.Catalogs.Links;

/// <summary>Versions that a version links: its source, the source of the source if that is a link, and so on.</summary>
internal static class LinkChain
{
    // A source exists before its link, so that there are no cycles. Records of a hostile store may have some.
    private const int MaxLength = 64;

    /// <summary>Streams the sources in the store of the version, nearest first. They may have been deleted.</summary>
    public static async IAsyncEnumerable<LinkSource> ReadAsync(
        VersionStore store,
        VersionRecord version,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var link = version.Link;
        for (var length = 0; link is { IsInSameStore: true } && length < MaxLength; length++)
        {
            yield return link;
            var catalog = store.OpenCatalog(link.Artifact);
            var state = await catalog.ReadAsync(cancellationToken).ConfigureAwait(false);
            var source = await state.FindAsync(link.Version, cancellationToken).ConfigureAwait(false);
            if (source is null && link.Version < state.NextVersion)
                source = (
                    await catalog.FindDeletedAsync(state, link.Version, cancellationToken).ConfigureAwait(false)
                )?.Record;
            link = source?.Link;
        }
    }
}
