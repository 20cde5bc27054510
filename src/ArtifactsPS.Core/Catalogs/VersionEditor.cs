using ArtifactsPS.Core.Catalogs.Links;
using ArtifactsPS.Core.Catalogs.Rules;
using ArtifactsPS.Core.Records;
using ArtifactsPS.Core.Values;
using Newtonsoft.Json.Linq;

namespace ArtifactsPS.Core.Catalogs;

/// <summary>Changes aliases, tags, description, metadata and expiry of versions, and deletes versions. Each change is one
/// transaction. Content never changes.</summary>
public static class VersionEditor
{
    // Limits of one transaction.
    private const int MaxEdits = 1_000;
    private const int MaxEditsLength = 4 << 20;

    /// <summary>Moves aliases to a version.</summary>
    /// <param name="expected">Where all these aliases must be at the time of the transaction; null for anywhere.</param>
    /// <exception cref="AliasMovedException">An alias is elsewhere.</exception>
    /// <exception cref="AliasProtectedException">A rule refuses the move.</exception>
    public static Task<PublishedVersion> SetAliasesAsync(
        PublishedVersion version,
        IReadOnlyList<AliasName> aliases,
        AliasExpectation? expected,
        RunId? runId,
        CancellationToken cancellationToken
    )
    {
        VersionLimits.CheckAliases(aliases);
        var catalog = version.Store.OpenCatalog(version.Key);
        return ChangeAsync(
            version,
            async (state, token) =>
            {
                if (expected is not null)
                    await expected.CheckAsync(catalog, state, aliases, token).ConfigureAwait(false);
                return VersionBatchEditor.ActionsTo(state, aliases, version.Record.Number);
            },
            runId,
            cancellationToken
        );
    }

    /// <summary>Moves aliases to a version, wherever they are.</summary>
    /// <exception cref="AliasProtectedException">A rule refuses the move.</exception>
    public static Task<PublishedVersion> SetAliasesAsync(
        PublishedVersion version,
        IReadOnlyList<AliasName> aliases,
        RunId? runId,
        CancellationToken cancellationToken
    ) => SetAliasesAsync(version, aliases, expected: null, runId, cancellationToken);

    /// <summary>Removes an alias from a version.</summary>
    /// <exception cref="InvalidArtifactAliasException">The alias is <c>latest</c>.</exception>
    /// <exception cref="ArtifactVersionNotFoundException">The version doesn't have the alias.</exception>
    public static async Task<PublishedVersion> RemoveAliasAsync(
        PublishedVersion version,
        AliasName alias,
        RunId? runId,
        CancellationToken cancellationToken
    )
    {
        var results = await VersionBatchEditor
            .RemoveAliasesAsync([(version, alias)], runId, cancellationToken)
            .ConfigureAwait(false);
        return results[0].Failure is { } failure ? throw failure : results[0].Value!;
    }

    /// <summary>Changes description, metadata, tags or expiry.</summary>
    public static Task<PublishedVersion> EditAsync(
        PublishedVersion version,
        EditAction edit,
        RunId? runId,
        CancellationToken cancellationToken
    ) =>
        ChangeAsync(
            version,
            async (state, token) =>
                NeedsChange((await state.FindAsync(edit.Version, token).ConfigureAwait(false))!, edit) ? [edit] : [],
            runId,
            cancellationToken
        );

    /// <summary>Makes one change to several versions of an artifact, in as few transactions as possible.</summary>
    /// <param name="versions">Versions of one artifact in one store.</param>
    /// <param name="edit">The change; its version is ignored.</param>
    /// <param name="runId">Id of the run that changes them; null for none.</param>
    /// <returns>For each version in its order: the changed version; null if it was removed meanwhile.</returns>
    public static async Task<IReadOnlyList<PublishedVersion?>> EditAllAsync(
        IReadOnlyList<PublishedVersion> versions,
        EditAction edit,
        RunId? runId,
        CancellationToken cancellationToken
    )
    {
        VersionLimits.Check(edit);
        var changed = new List<PublishedVersion?>(versions.Count);
        var length = RecordFields
            .Write<CatalogAction>(CatalogAction.Map, edit)
            .ToString(Newtonsoft.Json.Formatting.None)
            .Length;
        var count = Math.Max(1, Math.Min(MaxEdits, MaxEditsLength / length));
        for (var first = 0; first < versions.Count; first += count)
        {
            var part = versions.Skip(first).Take(count).ToList();
            var store = part[0].Store;
            var (state, _) = await store
                .OpenCatalog(part[0].Key)
                .CommitAsync(
                    async (state, token) =>
                    {
                        var actions = new List<CatalogAction>();
                        foreach (var number in part.Select(version => version.Record.Number).Distinct())
                            if (
                                await state.FindAsync(number, token).ConfigureAwait(false) is { } record
                                && NeedsChange(record, edit)
                            )
                                actions.Add(edit with { Version = number });
                        return ((IReadOnlyList<CatalogAction>)actions, true);
                    },
                    runId,
                    cancellationToken
                )
                .ConfigureAwait(false);
            foreach (var version in part)
                changed.Add(
                    await state.FindAsync(version.Record.Number, cancellationToken).ConfigureAwait(false) is { } record
                        ? new PublishedVersion(store, state, record)
                        : null
                );
        }
        return changed;
    }

    /// <summary>Deletes a version. The next clean-up deletes content that no other version shares.</summary>
    /// <param name="evenIfInUse">Whether the version may have aliases besides <c>latest</c>, or links.</param>
    /// <param name="runId">Id of the run that deletes it; null for none.</param>
    /// <returns>References of the deleted versions, and their aliases besides <c>latest</c>.</returns>
    /// <exception cref="AliasInUseException">The version has aliases besides <c>latest</c>.</exception>
    /// <exception cref="ArtifactLinkedException">Collections link the version.</exception>
    public static Task<IReadOnlyList<(string Reference, IReadOnlyList<AliasName> Aliases)>> DeleteAsync(
        PublishedVersion version,
        bool evenIfInUse,
        RunId? runId,
        CancellationToken cancellationToken
    ) => DeleteAsync(version, _ => [version.Record.Number], evenIfInUse, runId, cancellationToken);

    /// <summary>Deletes chosen versions of an artifact, or none.</summary>
    /// <param name="version">Any live version of the artifact.</param>
    /// <param name="chosen">Numbers of the versions to delete. Those that were deleted meanwhile are ignored.</param>
    /// <inheritdoc cref="DeleteAsync(PublishedVersion, bool, RunId?, CancellationToken)"/>
    public static Task<IReadOnlyList<(string Reference, IReadOnlyList<AliasName> Aliases)>> DeleteAllAsync(
        PublishedVersion version,
        IReadOnlyCollection<int> chosen,
        bool evenIfInUse,
        RunId? runId,
        CancellationToken cancellationToken
    ) => DeleteAsync(version, state => state.VersionNumbers.Intersect(chosen), evenIfInUse, runId, cancellationToken);

    /// <summary>Deletes chosen versions of an artifact. Keeps those that are among the newest, have an alias besides
    /// <c>latest</c>, or have links, at the time of the transaction.</summary>
    /// <param name="version">Any version of the artifact; it need not be live.</param>
    /// <param name="kept">Number of newest versions to keep.</param>
    /// <param name="chosen">Numbers of the versions to delete.</param>
    /// <param name="runId">Id of the run that deletes them; null for none.</param>
    /// <returns>References of the deleted versions, such as <c>mnist:v3</c>.</returns>
    public static Task<IReadOnlyList<string>> DeleteOlderAsync(
        PublishedVersion version,
        int kept,
        IReadOnlyCollection<int> chosen,
        RunId? runId,
        CancellationToken cancellationToken
    ) =>
        DeleteAsync(
            version.Store.OpenCatalog(version.Key),
            async (state, token) =>
                await OlderThanAsync(version.Store, state, kept, token, chosen).ConfigureAwait(false),
            runId,
            cancellationToken
        );

    /// <summary>Deletes versions of an artifact in one transaction. Commits nothing if there is nothing to delete.</summary>
    /// <param name="catalog">Catalog of the artifact.</param>
    /// <param name="choose">Returns the numbers to delete. Called again where another transaction came first.</param>
    /// <param name="runId">Id of the run that deletes them; null for none.</param>
    /// <returns>References of the deleted versions, such as <c>mnist:v3</c>.</returns>
    internal static async Task<IReadOnlyList<string>> DeleteAsync(
        Catalog catalog,
        Func<CatalogState, CancellationToken, ValueTask<IEnumerable<int>>> choose,
        RunId? runId,
        CancellationToken cancellationToken
    )
    {
        var (_, removed) = await catalog
            .CommitAsync(
                async (state, token) =>
                {
                    List<int> numbers = [.. await choose(state, token).ConfigureAwait(false)];
                    return (
                        DeleteActions(numbers),
                        numbers.ConvertAll(number => ArtifactReference.To(state.Name, number).ToString())
                    );
                },
                runId,
                cancellationToken
            )
            .ConfigureAwait(false);
        return removed;
    }

    /// <summary>Numbers of the versions that are not among the newest, and have no alias besides <c>latest</c> and no
    /// links.</summary>
    /// <param name="chosen">Numbers of the versions to look at; null for all.</param>
    public static async Task<IReadOnlyList<int>> OlderThanAsync(
        VersionStore store,
        CatalogState state,
        int kept,
        CancellationToken cancellationToken,
        IEnumerable<int>? chosen = null
    )
    {
        var numbers = state.VersionNumbers.ToList();
        var older = numbers.Take(Math.Max(0, numbers.Count - kept));
        var links = LinkSearch.BeforeDeletion(store);
        var found = new List<int>();
        foreach (var number in chosen is null ? older : older.Intersect(chosen))
            if (
                AliasesBesidesLatest(state, number).Count == 0
                && !await links.HasAnyAsync(state, number, cancellationToken).ConfigureAwait(false)
            )
                found.Add(number);
        return found;
    }

    private static async Task<IReadOnlyList<(string Reference, IReadOnlyList<AliasName> Aliases)>> DeleteAsync(
        PublishedVersion version,
        Func<CatalogState, IEnumerable<int>> choose,
        bool evenIfInUse,
        RunId? runId,
        CancellationToken cancellationToken
    )
    {
        var (_, removed) = await CommitAsync(
                version,
                async (state, token) =>
                {
                    List<int> numbers = [.. choose(state)];
                    var removed = numbers.ConvertAll(number =>
                        (ArtifactReference.To(state.Name, number).ToString(), AliasesBesidesLatest(state, number))
                    );
                    if (!evenIfInUse)
                    {
                        foreach (var (reference, aliases) in removed)
                            if (aliases.Count > 0)
                                throw new AliasInUseException(reference, aliases);
                        var links = LinkSearch.BeforeDeletion(version.Store);
                        foreach (var number in numbers)
                            await links.RequireNoneAsync(state, number, token).ConfigureAwait(false);
                    }
                    return (DeleteActions(numbers), removed);
                },
                runId,
                cancellationToken
            )
            .ConfigureAwait(false);
        return removed;
    }

    private static IReadOnlyList<CatalogAction> DeleteActions(List<int> numbers) =>
        [.. numbers.Select(number => new DeleteAction(number))];

    /// <summary>Aliases of a version except <c>latest</c>, which protects no version from deletion.</summary>
    public static IReadOnlyList<AliasName> AliasesBesidesLatest(CatalogState state, int number) =>
        state.AliasesOf(number).Where(alias => !alias.IsLatest).ToList();

    private static async Task<PublishedVersion> ChangeAsync(
        PublishedVersion version,
        Func<CatalogState, CancellationToken, ValueTask<IReadOnlyList<CatalogAction>>> decide,
        RunId? runId,
        CancellationToken cancellationToken
    )
    {
        var number = version.Record.Number;
        var (state, _) = await CommitAsync(
                version,
                async (state, token) => (await decide(state, token).ConfigureAwait(false), number),
                runId,
                cancellationToken
            )
            .ConfigureAwait(false);
        var record = await state.FindAsync(number, cancellationToken).ConfigureAwait(false);
        return new PublishedVersion(version.Store, state, record!);
    }

    private static Task<(CatalogState State, T Result)> CommitAsync<T>(
        PublishedVersion version,
        Func<CatalogState, CancellationToken, ValueTask<(IReadOnlyList<CatalogAction> Actions, T Result)>> decide,
        RunId? runId,
        CancellationToken cancellationToken
    ) =>
        version
            .Store.OpenCatalog(version.Key)
            .CommitAsync(
                (state, token) =>
                    // The version may have been removed since it was looked up.
                    state.Contains(version.Record.Number)
                        ? decide(state, token)
                        : throw new ArtifactVersionNotFoundException(
                            version.Reference,
                            version.Name,
                            version.Store.Location
                        ),
                runId,
                cancellationToken
            );

    /// <exception cref="MetadataTooLargeException">The version would exceed a limit.</exception>
    private static bool NeedsChange(VersionRecord record, EditAction edit)
    {
        VersionLimits.Check(edit);
        if (!Changes(record, edit))
            return false;
        VersionLimits.CheckTags(record.After(edit).Tags);
        return true;
    }

    private static bool Changes(VersionRecord record, EditAction edit) =>
        edit.Description is { } description && description != record.Description
        || edit.Metadata is { } metadata && !JToken.DeepEquals(metadata, record.Metadata)
        || edit.AddTags.Any(tag => !record.Tags.Contains(tag))
        || edit.RemoveTags.Any(tag => record.Tags.Contains(tag))
        || edit.ExpiresAt is { } expiry
            && (expiry == EditAction.Never ? record.ExpiresAt is not null : expiry != record.ExpiresAt);
}
