using ArtifactsPS.Core.Values;
using Newtonsoft.Json.Linq;

namespace ArtifactsPS.Core.Catalogs;

/// <summary>Changes aliases, tags, description, metadata and expiry of versions, and deletes versions. Each change is one
/// transaction. Content never changes.</summary>
public static class VersionEditor
{
    /// <summary>Moves aliases to a version.</summary>
    public static Task<PublishedVersion> SetAliasesAsync(
        PublishedVersion version,
        IReadOnlyList<AliasName> aliases,
        string? runId,
        CancellationToken cancellationToken
    )
    {
        var number = version.Record.Number;
        return ChangeAsync(
            version,
            state =>
                [
                    .. aliases
                        .Distinct()
                        .Where(alias => !state.Aliases.TryGetValue(alias, out var holder) || holder != number)
                        .Select(alias => new SetAliasAction(alias, number)),
                ],
            runId,
            cancellationToken
        );
    }

    /// <summary>Removes an alias from a version.</summary>
    /// <exception cref="InvalidArtifactAliasException">The alias is <c>latest</c>.</exception>
    /// <exception cref="ArtifactVersionNotFoundException">The version doesn't have the alias.</exception>
    public static Task<PublishedVersion> RemoveAliasAsync(
        PublishedVersion version,
        AliasName alias,
        string? runId,
        CancellationToken cancellationToken
    )
    {
        if (alias.IsLatest)
            throw new InvalidArtifactAliasException(
                alias.ToString(),
                "Every artifact has this alias; move it with Set-ArtifactAlias"
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
    public static Task<PublishedVersion> EditAsync(
        PublishedVersion version,
        EditAction edit,
        string? runId,
        CancellationToken cancellationToken
    ) =>
        ChangeAsync(version, state => Changes(state.Find(edit.Version)!, edit) ? [edit] : [], runId, cancellationToken);

    /// <summary>Deletes a version. The next clean-up deletes content that no other version shares.</summary>
    /// <param name="evenWithAliases">Whether the version may have aliases besides <c>latest</c>.</param>
    /// <param name="runId">Id of the run that deletes it; null for none.</param>
    /// <returns>References of the deleted versions, and their aliases besides <c>latest</c>.</returns>
    /// <exception cref="AliasInUseException">The version has aliases besides <c>latest</c>.</exception>
    public static Task<IReadOnlyList<(string Reference, IReadOnlyList<AliasName> Aliases)>> DeleteAsync(
        PublishedVersion version,
        bool evenWithAliases,
        string? runId,
        CancellationToken cancellationToken
    ) => DeleteAsync(version, _ => [version.Record.Number], evenWithAliases, runId, cancellationToken);

    /// <summary>Deletes all versions of an artifact, or none.</summary>
    /// <inheritdoc cref="DeleteAsync(PublishedVersion, bool, string?, CancellationToken)"/>
    public static Task<IReadOnlyList<(string Reference, IReadOnlyList<AliasName> Aliases)>> DeleteAllAsync(
        PublishedVersion version,
        bool evenWithAliases,
        string? runId,
        CancellationToken cancellationToken
    ) => DeleteAsync(version, state => state.VersionNumbers, evenWithAliases, runId, cancellationToken);

    /// <summary>Deletes chosen versions of an artifact. Keeps those that are among the newest, or have an alias besides
    /// <c>latest</c>, at the time of the transaction.</summary>
    /// <param name="version">Any version of the artifact; it need not be live.</param>
    /// <param name="kept">Number of newest versions to keep.</param>
    /// <param name="chosen">Numbers of the versions to delete.</param>
    /// <param name="runId">Id of the run that deletes them; null for none.</param>
    /// <returns>References of the deleted versions, such as <c>mnist:v3</c>.</returns>
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

    /// <summary>Deletes versions of an artifact in one transaction. Commits nothing if there is nothing to delete.</summary>
    /// <param name="catalog">Catalog of the artifact.</param>
    /// <param name="choose">Returns the numbers to delete. Called again where another transaction came first.</param>
    /// <param name="runId">Id of the run that deletes them; null for none.</param>
    /// <returns>References of the deleted versions, such as <c>mnist:v3</c>.</returns>
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

    /// <summary>Numbers of the versions that are not among the newest, and have no alias besides <c>latest</c>.</summary>
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

    private static async Task<IReadOnlyList<(string Reference, IReadOnlyList<AliasName> Aliases)>> DeleteAsync(
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

    /// <summary>Aliases of a version except <c>latest</c>, which protects no version from deletion.</summary>
    public static IReadOnlyList<AliasName> AliasesBesidesLatest(CatalogState state, int number) =>
        state.AliasesOf(number).Where(alias => !alias.IsLatest).ToList();

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
        || edit.AddTags.Any(tag => !record.Tags.Contains(tag))
        || edit.RemoveTags.Any(tag => record.Tags.Contains(tag))
        || edit.ExpiresAt is { } expiry
            && (expiry == EditAction.Never ? record.ExpiresAt is not null : expiry != record.ExpiresAt);
}
