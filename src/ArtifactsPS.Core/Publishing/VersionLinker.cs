using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Catalogs.Links;
using ArtifactsPS.Core.Catalogs.Rules;
using ArtifactsPS.Core.Drafts;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Publishing;

/// <summary>
/// Links a version to a collection: an artifact of the same store whose next version gets the same entries, with a number and aliases of
/// its own. Nothing is copied.
/// <para>The version is marked first, in the log of its artifact, and so protected from deletion. Then the collection's version is
/// published. If the second step was interrupted, linking again completes it.</para>
/// </summary>
/// <param name="version">The version to link.</param>
/// <param name="collection">Name of the collection, which need not exist.</param>
public sealed class VersionLinker(PublishedVersion version, ArtifactName collection)
{
    private readonly VersionStore _store = version.Store;
    private readonly LinkSource _source = new(version.Key, version.Name, version.Record.Number);

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
                    marked = await MarkAsync(state.Key, number, existing is not null, runId, cancellationToken)
                        .ConfigureAwait(false);
                    markedFor = (state.Key, number);
                    if (existing is null)
                    {
                        // The version may have been relocated since it was looked up.
                        actions = Publisher.ActionsFor(NewRecord(number, marked, runId), aliases);
                        writer.Content.Objects.Add(
                            await ReusedContent
                                .ObjectsOfAsync(_store, marked.Root, cancellationToken)
                                .ConfigureAwait(false)
                        );
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
                var record = await update.State.FindAsync(number, cancellationToken).ConfigureAwait(false);
                return new PublishedVersion(_store, update.State, record!) { Deduplicated = existing is not null };
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
        var rules = await catalog.PendingRulesAsync(state, cancellationToken).ConfigureAwait(false);
        await catalog
            .RequireAllowedAsync(state, rules, AliasChanges.Of(state, actions), cancellationToken)
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
        if (state.Key == version.Key)
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
                ? await catalog.PendingRulesAsync(update.State, cancellationToken).ConfigureAwait(false)
                : [];
        return await update.TryAllowAsync([.. rules, .. actions], cancellationToken).ConfigureAwait(false);
    }

    // Returns the version as it is when it is marked.
    private async Task<VersionRecord> MarkAsync(
        ArtifactKey key,
        int number,
        bool isPublished,
        RunId? runId,
        CancellationToken cancellationToken
    )
    {
        var (_, record) = await _store
            .OpenCatalog(version.Key)
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
                                _store.Location
                            );
                    var mark = state.LinkMarksOf(live.Number).FirstOrDefault(mark => mark.Collection == key);
                    var isMarked = mark is not null && (isPublished || mark.FirstVersion >= number);
                    return (
                        (IReadOnlyList<CatalogAction>)(isMarked ? [] : [new LinkAction(live.Number, key, number)]),
                        live
                    );
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
            Root = linked.Root,
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
