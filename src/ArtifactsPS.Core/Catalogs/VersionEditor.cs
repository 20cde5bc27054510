using ArtifactsPS.Core.Values;
using Newtonsoft.Json.Linq;

namespace ArtifactsPS.Core.Catalogs;

/// <summary>Changes what is said of published versions; their content never changes. Each change is one transaction.</summary>
public static class VersionEditor
{
    /// <summary>Puts aliases on a version, taking them off those that had them.</summary>
    /// <exception cref="InvalidArtifactAliasException">One can't be an alias.</exception>
    public static Task<PublishedVersion> SetAliasesAsync(
        PublishedVersion version,
        IReadOnlyList<string> aliases,
        string? runId,
        CancellationToken cancellationToken
    )
    {
        foreach (var alias in aliases)
            Names.CheckAlias(alias);
        var number = version.Record.Number;
        return ChangeAsync(
            version,
            state =>
                [
                    .. aliases
                        .Distinct(Names.Comparer)
                        .Where(alias => !state.Aliases.TryGetValue(alias, out var holder) || holder != number)
                        .Select(alias => new SetAliasAction(alias, number)),
                ],
            runId,
            cancellationToken
        );
    }

    /// <summary>Takes an alias off a version.</summary>
    /// <exception cref="InvalidArtifactAliasException">It is <c>latest</c>.</exception>
    /// <exception cref="ArtifactVersionNotFoundException">The version doesn't have it.</exception>
    public static Task<PublishedVersion> RemoveAliasAsync(
        PublishedVersion version,
        string alias,
        string? runId,
        CancellationToken cancellationToken
    )
    {
        if (Names.Comparer.Equals(alias, Names.Latest))
            throw new InvalidArtifactAliasException(
                alias,
                "every artifact has it; Set-ArtifactAlias moves it",
                use: "be removed"
            );
        return ChangeAsync(
            version,
            state =>
                state.Aliases.TryGetValue(alias, out var number) && number == version.Record.Number
                    ? [new RemoveAliasAction(alias)]
                    : throw new ArtifactVersionNotFoundException(
                        $"{version.Name}:{alias}",
                        version.Name,
                        version.Store.Location
                    ),
            runId,
            cancellationToken
        );
    }

    /// <summary>Changes description, metadata, tags or expiry.</summary>
    /// <exception cref="InvalidArtifactTagException">A tag to be added can't be one.</exception>
    public static Task<PublishedVersion> EditAsync(
        PublishedVersion version,
        EditAction edit,
        string? runId,
        CancellationToken cancellationToken
    )
    {
        foreach (var tag in edit.AddTags)
            Names.CheckTag(tag);
        return ChangeAsync(
            version,
            state => Changes(state.Find(edit.Version)!, edit) ? [edit] : [],
            runId,
            cancellationToken
        );
    }

    /// <summary>Deletes a version. Its content goes with the next clean-up, unless other versions share it.</summary>
    /// <param name="version">The version.</param>
    /// <param name="evenWithAliases">Whether it may have aliases besides <c>latest</c>.</param>
    /// <param name="runId">The run that does it.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>What was deleted, and the aliases besides <c>latest</c> that went with it.</returns>
    /// <exception cref="AliasInUseException">It has aliases besides <c>latest</c>.</exception>
    public static Task<IReadOnlyList<(string Reference, IReadOnlyList<string> Aliases)>> DeleteAsync(
        PublishedVersion version,
        bool evenWithAliases,
        string? runId,
        CancellationToken cancellationToken
    ) => DeleteAsync(version, _ => [version.Record.Number], evenWithAliases, runId, cancellationToken);

    /// <summary>Deletes a version and all others of its artifact, or none.</summary>
    /// <inheritdoc cref="DeleteAsync(PublishedVersion, bool, string?, CancellationToken)"/>
    public static Task<IReadOnlyList<(string Reference, IReadOnlyList<string> Aliases)>> DeleteAllAsync(
        PublishedVersion version,
        bool evenWithAliases,
        string? runId,
        CancellationToken cancellationToken
    ) => DeleteAsync(version, state => state.VersionNumbers, evenWithAliases, runId, cancellationToken);

    /// <summary>Deletes some versions of an artifact that are still neither among its newest ones nor have an alias besides
    /// <c>latest</c>.</summary>
    /// <param name="version">One of the artifact's versions; need not be live any more.</param>
    /// <param name="kept">How many of the newest stay.</param>
    /// <param name="chosen">The numbers of those to delete.</param>
    /// <param name="runId">The run that does it.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>What was deleted.</returns>
    public static Task<IReadOnlyList<string>> DeleteOlderAsync(
        PublishedVersion version,
        int kept,
        IReadOnlyCollection<int> chosen,
        string? runId,
        CancellationToken cancellationToken
    ) =>
        DeleteAsync(
            version.Store.OpenCatalog(version.Name),
            state => OlderThan(state, kept).Where(chosen.Contains),
            runId,
            cancellationToken
        );

    /// <summary>Deletes versions of an artifact, in one transaction, or makes none where there is nothing to delete.</summary>
    /// <param name="catalog">The artifact's.</param>
    /// <param name="choose">Gives the numbers; asked again where another transaction came first.</param>
    /// <param name="runId">The run that does it.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>What was deleted, such as <c>mnist:v3</c>.</returns>
    internal static async Task<IReadOnlyList<string>> DeleteAsync(
        Catalog catalog,
        Func<CatalogState, IEnumerable<int>> choose,
        string? runId,
        CancellationToken cancellationToken
    )
    {
        var (_, removed) = await catalog
            .CommitAsync(
                state =>
                {
                    List<int> numbers = [.. choose(state)];
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

    /// <summary>The numbers of the versions that are not among the newest ones, and have no alias besides <c>latest</c>.</summary>
    public static IReadOnlyList<int> OlderThan(CatalogState state, int kept)
    {
        var numbers = state.VersionNumbers.ToList();
        return
        [
            .. numbers
                .Take(Math.Max(0, numbers.Count - kept))
                .Where(number => AliasesBesidesLatest(state, number).Count == 0),
        ];
    }

    private static async Task<IReadOnlyList<(string Reference, IReadOnlyList<string> Aliases)>> DeleteAsync(
        PublishedVersion version,
        Func<CatalogState, IEnumerable<int>> choose,
        bool evenWithAliases,
        string? runId,
        CancellationToken cancellationToken
    )
    {
        var (_, removed) = await CommitAsync(
                version,
                state =>
                {
                    List<int> numbers = [.. choose(state)];
                    var removed = numbers.ConvertAll(number =>
                        (ArtifactReference.To(state.Name, number).ToString(), AliasesBesidesLatest(state, number))
                    );
                    if (!evenWithAliases)
                        foreach (var (reference, aliases) in removed)
                            if (aliases.Count > 0)
                                throw new AliasInUseException(reference, aliases);
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

    /// <summary>A version's aliases but <c>latest</c>, which keeps no version from being deleted.</summary>
    public static IReadOnlyList<string> AliasesBesidesLatest(CatalogState state, int number) =>
        state.AliasesOf(number).Where(alias => !Names.Comparer.Equals(alias, Names.Latest)).ToList();

    private static async Task<PublishedVersion> ChangeAsync(
        PublishedVersion version,
        Func<CatalogState, IReadOnlyList<CatalogAction>> decide,
        string? runId,
        CancellationToken cancellationToken
    )
    {
        var number = version.Record.Number;
        var (state, _) = await CommitAsync(version, state => (decide(state), number), runId, cancellationToken)
            .ConfigureAwait(false);
        return new PublishedVersion(version.Store, state, state.Find(number)!);
    }

    private static Task<(CatalogState State, T Result)> CommitAsync<T>(
        PublishedVersion version,
        Func<CatalogState, (IReadOnlyList<CatalogAction> Actions, T Result)> decide,
        string? runId,
        CancellationToken cancellationToken
    ) =>
        version
            .Store.OpenCatalog(version.Name)
            .CommitAsync(
                state =>
                    // The version may have been removed since it was looked up.
                    state.Find(version.Record.Number)
                        is null
                        ? throw new ArtifactVersionNotFoundException(
                            version.Reference,
                            version.Name,
                            version.Store.Location
                        )
                        : decide(state),
                runId,
                cancellationToken
            );

    private static bool Changes(VersionRecord record, EditAction edit) =>
        edit.Description is { } description && description != record.Description
        || edit.Metadata is { } metadata && !JToken.DeepEquals(metadata, record.Metadata)
        || edit.AddTags.Any(tag => !record.Tags.Contains(tag, Names.Comparer))
        || edit.RemoveTags.Any(tag => record.Tags.Contains(tag, Names.Comparer))
        || edit.ExpiresAt is { } expiry
            && (expiry == EditAction.Never ? record.ExpiresAt is not null : expiry != record.ExpiresAt);
}
