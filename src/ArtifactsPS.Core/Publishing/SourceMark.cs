using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Catalogs.Links;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Publishing;

/// <summary>Marks of links to versions of other stores. A link does without its mark if the other store can't be written.</summary>
internal static class SourceMark
{
    /// <summary>Whether an error says that a store can't be opened or written.</summary>
    public static bool IsRefused(Exception error) =>
        error is LinkedStoreUnavailableException or StoreUnavailableException or StoreFullException;

    /// <summary>Protects the source of a restored link again, if it is live. The mark has the link's number, so that removing the
    /// link removes it.</summary>
    /// <param name="runId">Id of the run that restores the link; null for none.</param>
    /// <returns>Why the source could not be protected, with a full stop; null if it is, or needs no mark.</returns>
    public static async Task<string?> RestoreAsync(
        VersionStore store,
        ArtifactKey collection,
        VersionRecord restored,
        RunId? runId,
        CancellationToken cancellationToken
    )
    {
        if (restored.Link is not { } link || !link.IsInSameStore && restored.StoredRoot is not null)
            return null;
        var place = link.IsInSameStore ? null : store.Place;
        try
        {
            var owner = await store.OpenLinkedAsync(link, cancellationToken).ConfigureAwait(false);
            await owner
                .OpenCatalog(link.Artifact)
                .CommitAsync(
                    source =>
                    {
                        var mark = source
                            .LinkMarksOf(link.Version)
                            .FirstOrDefault(mark => mark.IsOf(collection, place?.Id));
                        return !source.Contains(link.Version) || mark?.FirstVersion <= restored.Number
                            ? []
                            :
                            [
                                new LinkAction(
                                    link.Version,
                                    new LinkMark(collection, restored.Number) { Store = place }
                                ),
                            ];
                    },
                    place is null ? runId : null,
                    cancellationToken
                )
                .ConfigureAwait(false);
            return null;
        }
        catch (Exception e) when (place is not null && IsRefused(e))
        {
            return e.Message;
        }
    }
}
