using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Catalogs.Rules;

/// <summary>Checks whether rules would refuse a change of aliases now. Changes and records nothing.</summary>
public static class AliasPreview
{
    /// <summary>Checks a move of aliases to a version.</summary>
    /// <param name="expected">Where all these aliases must be; null for anywhere.</param>
    /// <exception cref="AliasMovedException">An alias is elsewhere.</exception>
    /// <exception cref="AliasProtectedException">A rule refuses the move.</exception>
    public static Task CheckMoveAsync(
        PublishedVersion version,
        IReadOnlyList<AliasName> aliases,
        AliasExpectation? expected,
        CancellationToken cancellationToken
    ) =>
        CheckAsync(
            version,
            async (catalog, state) =>
            {
                if (expected is not null)
                    await expected.CheckAsync(catalog, state, aliases, cancellationToken).ConfigureAwait(false);
                return VersionBatchEditor.ActionsTo(state, aliases, version.Record.Number);
            },
            cancellationToken
        );

    /// <summary>Checks the removal of an alias from a version.</summary>
    /// <exception cref="AliasProtectedException">A rule refuses the removal.</exception>
    public static Task CheckRemovalAsync(
        PublishedVersion version,
        AliasName alias,
        CancellationToken cancellationToken
    ) =>
        CheckAsync(
            version,
            (_, _) => Task.FromResult<IReadOnlyList<CatalogAction>>([new RemoveAliasAction(alias)]),
            cancellationToken
        );

    /// <summary>Checks the deletion of versions.</summary>
    /// <param name="version">Any live version of the artifact.</param>
    /// <param name="numbers">The versions to delete.</param>
    /// <exception cref="AliasProtectedException">A rule refuses the deletion.</exception>
    public static Task CheckDeletionAsync(
        PublishedVersion version,
        IReadOnlyCollection<int> numbers,
        CancellationToken cancellationToken
    ) =>
        CheckAsync(
            version,
            (_, state) =>
                Task.FromResult<IReadOnlyList<CatalogAction>>([
                    .. numbers.Where(state.Contains).Select(number => new DeleteAction(number)),
                ]),
            cancellationToken
        );

    private static async Task CheckAsync(
        PublishedVersion version,
        Func<Catalog, CatalogState, Task<IReadOnlyList<CatalogAction>>> decide,
        CancellationToken cancellationToken
    )
    {
        var catalog = version.Store.OpenCatalog(version.Key);
        var state = await catalog.ReadAsync(cancellationToken).ConfigureAwait(false);
        // The command itself reports a version that was removed since it was looked up.
        if (!state.Contains(version.Record.Number))
            return;
        var actions = await decide(catalog, state).ConfigureAwait(false);
        await catalog
            .Protection.RequireAllowedAsync(state, actions, changes: null, cancellationToken)
            .ConfigureAwait(false);
    }
}
