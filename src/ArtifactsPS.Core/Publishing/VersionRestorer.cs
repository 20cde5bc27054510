using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Catalogs.Rules;
using ArtifactsPS.Core.Drafts;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Publishing;

/// <summary>Brings deleted versions back under their numbers, as long as no clean-up has purged their content.</summary>
public static class VersionRestorer
{
    /// <summary>Restores a deleted version as it was before it was deleted. Aliases stay where they are. But <c>latest</c>
    /// moves to the version if it had that alias and no later version is live, or if no version is live. An expiry that has
    /// passed is removed.</summary>
    /// <param name="runId">Id of the run that restores it; null for none.</param>
    /// <exception cref="ArtifactNotFoundException">No version of the artifact was ever published.</exception>
    /// <exception cref="ArtifactVersionNotFoundException">The number was never published.</exception>
    /// <exception cref="ArtifactVersionExistsException">The version is live.</exception>
    /// <exception cref="ArtifactTypeMismatchException">The live versions have another type.</exception>
    /// <exception cref="ObjectCleanedUpException">Its content was purged.</exception>
    public static async Task<RestoredVersion> RestoreAsync(
        VersionStore store,
        ArtifactName name,
        int number,
        RunId? runId,
        CancellationToken cancellationToken
    )
    {
        var catalog = store.OpenCatalog(name);
        var update = await catalog.BeginUpdateAsync(runId, cancellationToken).ConfigureAwait(false);
        var writer = new StoreWriter(store);
        await using (writer.ConfigureAwait(false))
            while (true)
            {
                var state = update.State;
                var deleted = await FindAsync(store, catalog, state, number, cancellationToken).ConfigureAwait(false);
                var reference = ArtifactReference.To(state.Name, number).ToString();
                var actions = await DecideAsync(store, state, deleted, cancellationToken).ConfigureAwait(false);
                var unprotected = await SourceMark
                    .RestoreAsync(store, state.Key, deleted.Record, runId, cancellationToken)
                    .ConfigureAwait(false);
                try
                {
                    if (deleted.Record.StoredRoot is { } root)
                        writer.Content.Objects.Add(
                            await ReusedContent.ObjectsOfAsync(store, root, cancellationToken).ConfigureAwait(false)
                        );
                    if (!await writer.CommitAsync(update, actions, cancellationToken).ConfigureAwait(false))
                        continue;
                }
                catch (ObjectCleanedUpException e)
                {
                    throw ObjectCleanedUpException.OfVersion(store.Location, reference, e);
                }
                var record = await state.FindAsync(number, cancellationToken).ConfigureAwait(false);
                return new RestoredVersion(
                    new PublishedVersion(store, state, record!) { Unprotected = unprotected },
                    [.. deleted.Aliases.Where(alias => !alias.IsLatest)]
                );
            }
    }

    /// <summary>Checks that a version could be restored now, as far as its content is there. Changes nothing.</summary>
    /// <exception cref="AliasProtectedException">A rule refuses to move an alias.</exception>
    /// <inheritdoc cref="RestoreAsync" path="/exception[not(contains(@cref, 'CleanedUp'))]"/>
    public static async Task CheckAsync(
        VersionStore store,
        ArtifactName name,
        int number,
        CancellationToken cancellationToken
    )
    {
        var catalog = store.OpenCatalog(name);
        var state = await catalog.ReadAsync(cancellationToken).ConfigureAwait(false);
        var deleted = await FindAsync(store, catalog, state, number, cancellationToken).ConfigureAwait(false);
        var actions = await DecideAsync(store, state, deleted, cancellationToken).ConfigureAwait(false);
        await catalog
            .Protection.RequireAllowedAsync(state, actions, changes: null, cancellationToken)
            .ConfigureAwait(false);
    }

    private static async Task<DeletedVersion> FindAsync(
        VersionStore store,
        Catalog catalog,
        CatalogState state,
        int number,
        CancellationToken cancellationToken
    )
    {
        if (state.NextVersion == 0)
            throw await store.NotFoundAsync(state.Name, cancellationToken).ConfigureAwait(false);
        var reference = ArtifactReference.To(state.Name, number).ToString();
        if (state.Contains(number))
            throw new ArtifactVersionExistsException(reference, store.Location);
        return
            number < state.NextVersion
            && await catalog.FindDeletedAsync(state, number, cancellationToken).ConfigureAwait(false) is { } deleted
            ? deleted
            : throw new ArtifactVersionNotFoundException(reference, state.Name, store.Location);
    }

    private static async Task<IReadOnlyList<CatalogAction>> DecideAsync(
        VersionStore store,
        CatalogState state,
        DeletedVersion deleted,
        CancellationToken cancellationToken
    )
    {
        var record = deleted.Record;
        Publisher.CheckType(
            state,
            record.Type,
            type => $"Remove its versions of the type '{type}' before you restore v{record.Number}."
        );
        if (
            record.ExpiresAt is { } expiry
            && expiry <= await store.Objects.GetTimeAsync(cancellationToken).ConfigureAwait(false)
        )
            record = record with { ExpiresAt = null };
        var restore = new RestoreAction(record);
        return state.IsLive && deleted.Aliases.Contains(AliasName.Latest) && record.Number > state.Versions.Highest
            ? [restore, new SetAliasAction(AliasName.Latest, record.Number)]
            : [restore];
    }
}

/// <summary>A version that was deleted and is live again.</summary>
/// <param name="Version">The version.</param>
/// <param name="FormerAliases">Aliases besides <c>latest</c> that it had before it was deleted, and does not get back.</param>
public sealed record RestoredVersion(PublishedVersion Version, IReadOnlyList<AliasName> FormerAliases);

/// <summary>A version to restore is live.</summary>
public sealed class ArtifactVersionExistsException(string reference, string store)
    : ArtifactsException(
        $"'{reference}' is not deleted in the store '{store}', so there is nothing to restore. "
            + "Get-ArtifactHistory shows which versions were deleted.",
        reference
    )
{
    public override string ErrorId => "ArtifactVersionExists";

    public override ErrorKind Kind => ErrorKind.ResourceExists;
}
