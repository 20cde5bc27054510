using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Catalogs.Links;
using ArtifactsPS.Core.Catalogs.Rules;
using ArtifactsPS.Core.Drafts;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Publishing;

/// <summary>
/// Links a version to a collection: an artifact whose next version gets the same entries, with a number and aliases of
/// its own. Nothing is copied. In another store, the version of the collection has the digest alone.
/// <para>The version is marked first, in the log of its artifact, and so protected from deletion. Then the collection's version is
/// published. If the second step was interrupted, linking again completes it. If another store can't be written, the link is published
/// without a mark.</para>
/// </summary>
/// <param name="version">The version to link.</param>
/// <param name="collection">Name of the collection, which need not exist.</param>
/// <param name="destination">The store of the collection; null for that of the version.</param>
public sealed class VersionLinker(PublishedVersion version, ArtifactName collection, VersionStore? destination = null)
{
    private readonly VersionStore _store = destination ?? version.Store;
    private readonly LinkSource _source = LinkSource.Of(version, destination ?? version.Store);

    /// <summary>Links the version. If the collection links it already, only aliases move.</summary>
    /// <param name="aliases">Aliases of the collection to move to the link.</param>
    /// <param name="expected">Where all these aliases must be at the time of the transaction; null for anywhere.</param>
    /// <param name="runId">Id of the run that links it; null for none.</param>
    /// <returns>The version of the collection.</returns>
    /// <exception cref="AliasMovedException">An alias is elsewhere.</exception>
    /// <exception cref="AliasProtectedException">A rule refuses to move an alias.</exception>
    /// <exception cref="ArtifactLinkInvalidException">The collection is the artifact itself.</exception>
    /// <exception cref="ArtifactTypeMismatchException">The collection has another type.</exception>
    /// <exception cref="ArtifactVersionNotFoundException">The version was deleted.</exception>
    public async Task<PublishedVersion> LinkAsync(
        IReadOnlyList<AliasName> aliases,
        AliasExpectation? expected,
        RunId? runId,
        CancellationToken cancellationToken
    )
    {
        VersionLimits.CheckAliases(aliases);
        var catalog = _store.OpenCatalog(collection);
        var update = await catalog.BeginUpdateAsync(runId, cancellationToken).ConfigureAwait(false);
        VersionRecord? marked = null;
        string? unprotected = null;
        (ArtifactKey, int)? markedFor = null;
        var writer = new StoreWriter(_store);
        await using (writer.ConfigureAwait(false))
            while (true)
            {
                var state = update.State;
                var (existing, actions) = await DecideAsync(
                        catalog,
                        state,
                        marked ?? version.Record,
                        aliases,
                        expected,
                        runId,
                        cancellationToken
                    )
                    .ConfigureAwait(false);
                var number = existing?.Number ?? state.NextVersion;
                // A link that was refused leaves no mark.
                if (
                    marked is null
                    && !await TryAllowAsync(catalog, update, actions, cancellationToken).ConfigureAwait(false)
                )
                    continue;
                // A mark for a lower number could be taken for that of a link that was removed meanwhile.
                if (markedFor != (state.Key, number))
                {
                    (marked, unprotected) = await MarkAsync(state.Key, number, existing, runId, cancellationToken)
                        .ConfigureAwait(false);
                    markedFor = (state.Key, number);
                    if (existing is null)
                    {
                        // The version may have been relocated since it was looked up.
                        var record = NewRecord(number, marked, runId);
                        actions = Publisher.ActionsFor(record, aliases);
                        await RelyOnAsync(writer, record, cancellationToken).ConfigureAwait(false);
                    }
                }
                var isDone =
                    actions.Count == 0
                    || (
                        existing is null
                            ? await writer.CommitAsync(update, actions, cancellationToken).ConfigureAwait(false)
                            : await update.TryCommitAsync(actions, cancellationToken).ConfigureAwait(false)
                    );
                if (!isDone)
                    continue;
                var published = await update.State.FindAsync(number, cancellationToken).ConfigureAwait(false);
                return new PublishedVersion(_store, update.State, published!)
                {
                    Deduplicated = existing is not null,
                    Unprotected = unprotected,
                };
            }
    }

    /// <summary>Checks that the version could be linked now. Changes nothing.</summary>
    /// <inheritdoc cref="LinkAsync" path="/param"/>
    /// <inheritdoc cref="LinkAsync" path="/exception"/>
    public async Task CheckAsync(
        IReadOnlyList<AliasName> aliases,
        AliasExpectation? expected,
        CancellationToken cancellationToken
    )
    {
        VersionLimits.CheckAliases(aliases);
        var catalog = _store.OpenCatalog(collection);
        var state = await catalog.ReadAsync(cancellationToken).ConfigureAwait(false);
        var (_, actions) = await DecideAsync(catalog, state, version.Record, aliases, expected, null, cancellationToken)
            .ConfigureAwait(false);
        var rules = await catalog.Protection.PendingRulesAsync(state, cancellationToken).ConfigureAwait(false);
        await catalog
            .Protection.RequireAllowedAsync(state, rules, AliasChanges.Of(state, actions), cancellationToken)
            .ConfigureAwait(false);
    }

    private async Task<(VersionRecord? Existing, IReadOnlyList<CatalogAction> Actions)> DecideAsync(
        Catalog catalog,
        CatalogState state,
        VersionRecord linked,
        IReadOnlyList<AliasName> aliases,
        AliasExpectation? expected,
        RunId? runId,
        CancellationToken cancellationToken
    )
    {
        if (_source.IsInSameStore && state.Key == version.Key)
            throw new ArtifactLinkInvalidException(
                version.Reference,
                $"'{collection}' is the artifact itself. Give the name of another artifact as the collection"
            );
        Publisher.CheckType(
            state,
            linked.Type,
            _ => $"A collection has versions of one type. Link '{version.Reference}' to another collection."
        );
        if (expected is not null)
            await expected.CheckAsync(catalog, state, aliases, cancellationToken).ConfigureAwait(false);
        var existing = await ExpiredVersions
            .FindUnexpiredAsync(_store, state, linked.Digest, record => _source.IsSame(record.Link), cancellationToken)
            .ConfigureAwait(false);
        return existing is null
            ? (null, Publisher.ActionsFor(NewRecord(state.NextVersion, linked, runId), aliases))
            : (existing, VersionBatchEditor.ActionsTo(state, aliases, existing.Number));
    }

    // The first version is decided on the rules of the store.
    private static async Task<bool> TryAllowAsync(
        Catalog catalog,
        CatalogUpdate update,
        IReadOnlyList<CatalogAction> actions,
        CancellationToken cancellationToken
    )
    {
        IReadOnlyList<CatalogAction> rules =
            update.State.NextVersion == 0
                ? await catalog.Protection.PendingRulesAsync(update.State, cancellationToken).ConfigureAwait(false)
                : [];
        return await update.TryAllowAsync([.. rules, .. actions], cancellationToken).ConfigureAwait(false);
    }

    private static async Task RelyOnAsync(StoreWriter writer, VersionRecord link, CancellationToken cancellationToken)
    {
        if (link.StoredRoot is { } root)
            writer.Content.Objects.Add(
                await ReusedContent.ObjectsOfAsync(writer.Store, root, cancellationToken).ConfigureAwait(false)
            );
    }

    // Returns the version as it is when it is marked. A copy that exists in another store needs no mark.
    private async Task<(VersionRecord Record, string? Unprotected)> MarkAsync(
        ArtifactKey key,
        int number,
        VersionRecord? existing,
        RunId? runId,
        CancellationToken cancellationToken
    )
    {
        if (_source.IsInSameStore)
            return (
                await MarkAsync(new LinkMark(key, number), existing is not null, runId, cancellationToken)
                    .ConfigureAwait(false),
                null
            );
        if (existing?.StoredRoot is not null)
            return (version.Record, null);
        try
        {
            var mark = new LinkMark(key, number) { Store = _store.Place };
            return (
                await MarkAsync(mark, existing is not null, runId: null, cancellationToken).ConfigureAwait(false),
                null
            );
        }
        catch (Exception e) when (SourceMark.IsRefused(e))
        {
            return (version.Record, e.Message);
        }
    }

    private async Task<VersionRecord> MarkAsync(
        LinkMark mark,
        bool isPublished,
        RunId? runId,
        CancellationToken cancellationToken
    )
    {
        var (_, record) = await version
            .Store.OpenCatalog(version.Key)
            .CommitAsync(
                async (state, token) =>
                {
                    // Only a link that exists can do without its version.
                    var live = await state.FindAsync(_source.Version, token).ConfigureAwait(false);
                    if (live is null)
                        return isPublished
                            ? (Array.Empty<CatalogAction>(), version.Record)
                            : throw new ArtifactVersionNotFoundException(
                                version.Reference,
                                version.Name,
                                version.Store.Location
                            );
                    var isMarked = state
                        .LinkMarksOf(live.Number)
                        .Any(other =>
                            other.IsOf(mark.Collection, mark.Store?.Id)
                            && (isPublished || other.FirstVersion >= mark.FirstVersion)
                        );
                    return ((IReadOnlyList<CatalogAction>)(isMarked ? [] : [new LinkAction(live.Number, mark)]), live);
                },
                runId,
                cancellationToken
            )
            .ConfigureAwait(false);
        return record;
    }

    private VersionRecord NewRecord(int number, VersionRecord linked, RunId? runId) =>
        new()
        {
            Number = number,
            Type = linked.Type,
            Root = _source.IsInSameStore ? linked.Root : LinkedRoot.To(linked.Root, _source),
            CreatedAt = Timestamp.Now(),
            CreatedBy = Author.Current,
            Description = linked.Description,
            Metadata = linked.Metadata,
            Tags = linked.Tags,
            RunId = runId,
            Link = _source,
        };
}

/// <summary>A version can't be linked as asked for.</summary>
/// <param name="fault">Reason and advice, without a full stop.</param>
public sealed class ArtifactLinkInvalidException(string reference, string fault)
    : ArtifactsException($"'{reference}' can't be linked: {fault}.", reference)
{
    public override string ErrorId => "ArtifactLinkInvalid";

    public override ErrorKind Kind => ErrorKind.InvalidArgument;
}
