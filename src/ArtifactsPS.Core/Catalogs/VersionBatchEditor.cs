using ArtifactsPS.Core.Catalogs.Links;
using ArtifactsPS.Core.Catalogs.Rules;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Catalogs;

/// <summary>Result of a change that is made together with others.</summary>
/// <param name="Value">The result; the default value after a failure.</param>
/// <param name="Failure">Reason why this change was not made; null if it was.</param>
public readonly record struct BatchResult<T>(T? Value, ArtifactsException? Failure);

/// <summary>Makes changes to versions of one artifact in one transaction. A change that can't be made doesn't prevent the
/// others.</summary>
public static class VersionBatchEditor
{
    /// <summary>Moves aliases to each version in turn, so that the last one that rules allow has them.</summary>
    /// <param name="versions">Versions of one artifact in one store; at least one.</param>
    /// <param name="aliases">The aliases.</param>
    /// <param name="runId">Id of the run that moves them; null for none.</param>
    /// <returns>For each version in its order: the version after all changes.</returns>
    public static async Task<IReadOnlyList<BatchResult<PublishedVersion>>> SetAliasesAsync(
        IReadOnlyList<PublishedVersion> versions,
        IReadOnlyList<AliasName> aliases,
        RunId? runId,
        CancellationToken cancellationToken
    )
    {
        VersionLimits.CheckAliases(aliases);
        var catalog = CatalogOf(versions[0]);
        var (state, failures) = await catalog
            .CommitAsync(
                async (current, token) =>
                {
                    var failures = versions.Select(version => FailureOf(version, current)).ToList();
                    IReadOnlyList<CatalogAction> actions = [];
                    var refused = new List<AliasRefusal>();
                    for (var last = failures.LastIndexOf(null); last >= 0; last--)
                    {
                        if (failures[last] is not null)
                            continue;
                        var moves = ActionsTo(current, aliases, versions[last].Record.Number);
                        var refusals = await catalog
                            .Protection.FindRefusalsAsync(current, moves, token)
                            .ConfigureAwait(false);
                        if (refusals.Count == 0)
                        {
                            actions = moves;
                            break;
                        }
                        failures[last] = new AliasProtectedException(refusals);
                        refused.AddRange(refusals);
                    }
                    return (
                        (IReadOnlyList<CatalogAction>)[.. actions, .. RefuseAliasAction.Of(current, refused)],
                        failures
                    );
                },
                runId,
                cancellationToken
            )
            .ConfigureAwait(false);
        return await ResultsAsync(versions, failures, state, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Removes an alias from each version.</summary>
    /// <param name="removals">Versions of one artifact in one store, and an alias of each; at least one.</param>
    /// <param name="runId">Id of the run that removes them; null for none.</param>
    /// <returns>For each version in its order: the version after all changes.</returns>
    public static async Task<IReadOnlyList<BatchResult<PublishedVersion>>> RemoveAliasesAsync(
        IReadOnlyList<(PublishedVersion Version, AliasName Alias)> removals,
        RunId? runId,
        CancellationToken cancellationToken
    )
    {
        var catalog = CatalogOf(removals[0].Version);
        var (state, failures) = await catalog
            .CommitAsync(
                async (current, token) =>
                {
                    var actions = new List<CatalogAction>();
                    var refused = new List<AliasRefusal>();
                    var removed = new HashSet<AliasName>();
                    var failures = new List<ArtifactsException?>();
                    foreach (var (version, alias) in removals)
                    {
                        var failure = FailureOf(version, alias, current, removed);
                        var removal = new RemoveAliasAction(alias);
                        if (failure is null)
                        {
                            var refusals = await catalog
                                .Protection.FindRefusalsAsync(current, [removal], token)
                                .ConfigureAwait(false);
                            if (refusals.Count > 0)
                                failure = new AliasProtectedException(refusals);
                            refused.AddRange(refusals);
                        }
                        failures.Add(failure);
                        if (failure is not null)
                            continue;
                        removed.Add(alias);
                        actions.Add(removal);
                    }
                    return (
                        (IReadOnlyList<CatalogAction>)[.. actions, .. RefuseAliasAction.Of(current, refused)],
                        failures
                    );
                },
                runId,
                cancellationToken
            )
            .ConfigureAwait(false);
        return await ResultsAsync([.. removals.Select(item => item.Version)], failures, state, cancellationToken)
            .ConfigureAwait(false);
    }

    /// <summary>Deletes versions. A later clean-up deletes content that no other version shares.</summary>
    /// <param name="versions">Versions of one artifact in one store; at least one.</param>
    /// <param name="evenIfInUse">Whether the versions may have aliases besides <c>latest</c>, or links.</param>
    /// <param name="runId">Id of the run that deletes them; null for none.</param>
    /// <returns>For each version in its order: its aliases besides <c>latest</c>.</returns>
    public static async Task<IReadOnlyList<BatchResult<IReadOnlyList<AliasName>>>> DeleteAsync(
        IReadOnlyList<PublishedVersion> versions,
        bool evenIfInUse,
        RunId? runId,
        CancellationToken cancellationToken
    )
    {
        var catalog = CatalogOf(versions[0]);
        var (_, results) = await catalog
            .CommitAsync(
                async (current, token) =>
                {
                    var refused = new List<AliasRefusal>();
                    var deleted = new HashSet<int>();
                    var links = LinkSearch.BeforeDeletion(versions[0].Store);
                    var results = new List<BatchResult<IReadOnlyList<AliasName>>>();
                    foreach (var version in versions)
                    {
                        var number = version.Record.Number;
                        var aliases = VersionEditor.AliasesBesidesLatest(current, number);
                        var failure =
                            deleted.Contains(number) ? NotFound(version, version.Reference)
                            : evenIfInUse ? FailureOf(version, current)
                            : aliases.Count > 0 ? new AliasInUseException(version.Reference, aliases)
                            : FailureOf(version, current)
                                ?? await LinkFailureAsync(version, current, links, token).ConfigureAwait(false);
                        if (failure is null && HasProtected(current, number))
                        {
                            var refusals = await catalog
                                .Protection.FindRefusalsAsync(current, Deletions([.. deleted, number]), token)
                                .ConfigureAwait(false);
                            if (refusals.Count > 0)
                                failure = new AliasProtectedException(refusals);
                            refused.AddRange(refusals);
                        }
                        results.Add(new(failure is null ? aliases : null, failure));
                        if (failure is null)
                            deleted.Add(number);
                    }
                    return (
                        (IReadOnlyList<CatalogAction>)
                            [.. Deletions(deleted), .. RefuseAliasAction.Of(current, refused)],
                        results
                    );
                },
                runId,
                cancellationToken
            )
            .ConfigureAwait(false);
        return results;
    }

    /// <summary>Actions that move aliases to a version. Those that it has already are left out.</summary>
    internal static IReadOnlyList<CatalogAction> ActionsTo(
        CatalogState state,
        IEnumerable<AliasName> aliases,
        int number
    ) =>
        [
            .. aliases
                .Distinct()
                .Where(alias => !state.Aliases.TryGetValue(alias, out var holder) || holder != number)
                .Select(alias => new SetAliasAction(alias, number)),
        ];

    private static IReadOnlyList<CatalogAction> Deletions(IEnumerable<int> numbers) =>
        [.. numbers.Select(number => new DeleteAction(number))];

    private static bool HasProtected(CatalogState state, int number) =>
        state.Rules.Any(rule => state.Aliases.TryGetValue(rule.Alias, out var holder) && holder == number);

    private static Catalog CatalogOf(PublishedVersion version) => version.Store.OpenCatalog(version.Key);

    // The version may have been removed since it was looked up.
    private static ArtifactsException? FailureOf(PublishedVersion version, CatalogState current) =>
        current.Contains(version.Record.Number) ? null : NotFound(version, version.Reference);

    private static async ValueTask<ArtifactsException?> LinkFailureAsync(
        PublishedVersion version,
        CatalogState current,
        LinkSearch links,
        CancellationToken cancellationToken
    ) =>
        await links.FindAsync(current, version.Record.Number, cancellationToken).ConfigureAwait(false)
            is { Count: > 0 } found
            ? new ArtifactLinkedException(version.Reference, found)
            : null;

    private static ArtifactsException? FailureOf(
        PublishedVersion version,
        AliasName alias,
        CatalogState current,
        HashSet<AliasName> removed
    )
    {
        if (alias.IsLatest)
            return new InvalidArtifactAliasException(
                alias.ToString(),
                "Every artifact has this alias; move it with Set-ArtifactAlias"
            );
        if (FailureOf(version, current) is { } failure)
            return failure;
        var hasAlias =
            current.Aliases.TryGetValue(alias, out var number)
            && number == version.Record.Number
            && !removed.Contains(alias);
        return hasAlias ? null : NotFound(version, $"{version.Name}:{alias}");
    }

    private static ArtifactVersionNotFoundException NotFound(PublishedVersion version, string reference) =>
        new(reference, version.Name, version.Store.Location);

    private static async Task<IReadOnlyList<BatchResult<PublishedVersion>>> ResultsAsync(
        IReadOnlyList<PublishedVersion> versions,
        List<ArtifactsException?> failures,
        CatalogState state,
        CancellationToken cancellationToken
    )
    {
        var results = new List<BatchResult<PublishedVersion>>(versions.Count);
        for (var i = 0; i < versions.Count; i++)
            results.Add(
                failures[i] is { } failure
                    ? new(null, failure)
                    : new(
                        new PublishedVersion(
                            versions[i].Store,
                            state,
                            (await state.FindAsync(versions[i].Record.Number, cancellationToken).ConfigureAwait(false))!
                        ),
                        null
                    )
            );
        return results;
    }
}
