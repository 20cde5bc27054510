using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Catalogs.Links;
using ArtifactsPS.Core.Catalogs.Rules;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Publishing;

/// <summary>
/// Removes links from collections. The collection's version is deleted first, then the mark of the version that it links. If the second
/// step was interrupted, unlinking again completes it. Until then, the mark protects nothing.
/// </summary>
public static class VersionUnlinker
{
    /// <summary>Finds a link, or one whose removal was interrupted.</summary>
    /// <param name="reference">Reference of the collection's version.</param>
    /// <exception cref="ArtifactNotFoundException">The collection does not exist.</exception>
    /// <exception cref="ArtifactVersionNotFoundException">The collection has no such version.</exception>
    /// <exception cref="NotALinkException">The version has content of its own.</exception>
    public static async Task<RemovableLink> FindAsync(
        VersionStore store,
        ArtifactReference reference,
        CancellationToken cancellationToken
    )
    {
        var catalog = store.OpenCatalog(reference.Name);
        var state = await catalog.ReadAsync(cancellationToken).ConfigureAwait(false);
        var record = await state.FindAsync(reference, cancellationToken).ConfigureAwait(false);
        if (record is not null)
            return new RemovableLink(
                store,
                state.Key,
                state.Name,
                record,
                IsLive: true,
                record.Link ?? throw NotALink(record)
            );
        if (
            reference.Version is { } number
            && number < state.NextVersion
            && await catalog.FindDeletedAsync(state, number, cancellationToken).ConfigureAwait(false)
                is { Record: { Link: { } link } deleted }
        )
        {
            var interrupted = new RemovableLink(store, state.Key, state.Name, deleted, IsLive: false, link);
            var source = await interrupted.ReadSourceAsync(cancellationToken).ConfigureAwait(false);
            if (source is not null && interrupted.IsMarkedIn(source))
                return interrupted;
        }
        // Reports the reference with its nearest one.
        var found = await store.FindAsync(reference, cancellationToken).ConfigureAwait(false);
        throw NotALink(found.Record);

        NotALinkException NotALink(VersionRecord version) =>
            new(ArtifactReference.To(state.Name, version.Number).ToString());
    }

    /// <summary>Removes a link. Its source stays, and is protected only by its other links.</summary>
    /// <param name="evenIfInUse">Whether the link may have aliases besides <c>latest</c>, or links of its own.</param>
    /// <param name="runId">Id of the run that removes it; null for none.</param>
    /// <returns>For a link to another store, why the mark of its source could not be removed, with a full stop; null if it was. Until
    /// another call removes it, the link is looked up when the source is to be deleted.</returns>
    /// <exception cref="AliasInUseException">The link has aliases besides <c>latest</c>.</exception>
    /// <exception cref="AliasProtectedException">A rule refuses to remove an alias.</exception>
    /// <exception cref="ArtifactLinkedException">Collections link the link.</exception>
    public static async Task<string?> RemoveAsync(
        RemovableLink link,
        bool evenIfInUse,
        RunId? runId,
        CancellationToken cancellationToken
    )
    {
        if (link.IsLive)
        {
            var reference = ArtifactReference.To(link.Name, link.Record.Number);
            var version = await link.Store.FindAsync(reference, cancellationToken).ConfigureAwait(false);
            await VersionEditor.DeleteAsync(version, evenIfInUse, runId, cancellationToken).ConfigureAwait(false);
        }
        if (!link.HasMark)
            return null;
        try
        {
            await UnmarkAsync(link, runId, cancellationToken).ConfigureAwait(false);
            return null;
        }
        catch (Exception e) when (!link.Source.IsInSameStore && SourceMark.IsRefused(e))
        {
            return e.Message;
        }
    }

    /// <summary>Checks whether rules would refuse to remove a link now. Changes nothing.</summary>
    /// <exception cref="AliasProtectedException">A rule refuses to remove an alias.</exception>
    public static async Task CheckAsync(RemovableLink link, CancellationToken cancellationToken)
    {
        if (!link.IsLive)
            return;
        var reference = ArtifactReference.To(link.Name, link.Record.Number);
        var version = await link.Store.FindAsync(reference, cancellationToken).ConfigureAwait(false);
        await AliasPreview.CheckDeletionAsync(version, [link.Record.Number], cancellationToken).ConfigureAwait(false);
    }

    private static async Task UnmarkAsync(RemovableLink link, RunId? runId, CancellationToken cancellationToken)
    {
        var store = await link.Store.OpenLinkedAsync(link.Source, cancellationToken).ConfigureAwait(false);
        await store
            .OpenCatalog(link.Source.Artifact)
            .CommitAsync(
                async (state, token) =>
                {
                    IReadOnlyList<CatalogAction> actions = [];
                    // A restored version of the collection may link it, too.
                    if (link.IsMarkedIn(state) && !await link.HasOtherAsync(token).ConfigureAwait(false))
                        actions =
                        [
                            new UnlinkAction(link.Source.Version, link.Collection) { StoreId = link.MarkStore?.Id },
                        ];
                    return (actions, true);
                },
                link.Source.IsInSameStore ? runId : null,
                cancellationToken
            )
            .ConfigureAwait(false);
    }
}

/// <summary>A version of a collection, whose link can be removed.</summary>
/// <param name="Collection">Key of the collection.</param>
/// <param name="Name">Name of the collection.</param>
/// <param name="Record">The version.</param>
/// <param name="IsLive">False if it was deleted, but its source still has the mark.</param>
/// <param name="Source">The version that it links.</param>
public sealed record RemovableLink(
    VersionStore Store,
    ArtifactKey Collection,
    ArtifactName Name,
    VersionRecord Record,
    bool IsLive,
    LinkSource Source
)
{
    /// <summary>Reference by number, such as <c>churn:v2</c>.</summary>
    public string Reference => ArtifactReference.To(Name, Record.Number).ToString();

    /// <summary>Whether the source may have a mark. That of a copy from another store has none.</summary>
    internal bool HasMark => Source.IsInSameStore || Record.StoredRoot is null;

    /// <summary>Store of the collection, as the mark names it.</summary>
    internal StorePlace? MarkStore => Source.IsInSameStore ? null : Store.Place;

    internal async Task<CatalogState?> ReadSourceAsync(CancellationToken cancellationToken)
    {
        if (!HasMark)
            return null;
        var store = await Store.OpenLinkedAsync(Source, cancellationToken).ConfigureAwait(false);
        return await store.OpenCatalog(Source.Artifact).ReadAsync(cancellationToken).ConfigureAwait(false);
    }

    // The mark of a later link, which may not be published yet, has a higher number.
    internal bool IsMarkedIn(CatalogState source) =>
        source.Contains(Source.Version)
        && source
            .LinkMarksOf(Source.Version)
            .Any(mark => mark.IsOf(Collection, MarkStore?.Id) && mark.FirstVersion <= Record.Number);

    internal async Task<bool> HasOtherAsync(CancellationToken cancellationToken)
    {
        var state = await Store.OpenCatalog(Collection).ReadAsync(cancellationToken).ConfigureAwait(false);
        var numbers = await LinkSearch
            .NumbersOfAsync(state, Source, Record.Digest, cancellationToken)
            .ConfigureAwait(false);
        return numbers.Any(number => number != Record.Number);
    }
}

/// <summary>A version to unlink has content of its own.</summary>
public sealed class NotALinkException(string reference)
    : ArtifactsException($"'{reference}' is not a link. Remove-Artifact deletes a version.", reference)
{
    public override string ErrorId => "NotALink";

    public override ErrorKind Kind => ErrorKind.InvalidArgument;
}
