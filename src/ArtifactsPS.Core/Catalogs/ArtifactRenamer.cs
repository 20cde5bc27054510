using ArtifactsPS.Core.Catalogs.Rules;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Catalogs;

/// <summary>
/// Renames artifacts. First the new name is claimed: a record in the log of that name says which artifact it belongs to, so that no
/// other artifact can get the name. Then a transaction of the artifact makes it the current name. After an interruption, the same call
/// continues.
/// </summary>
public static class ArtifactRenamer
{
    /// <summary>Renames an artifact. Former names still lead to it.</summary>
    /// <param name="name">Any name of the artifact.</param>
    /// <param name="newName">A new name, a former one, or the same name in another case.</param>
    /// <param name="runId">Id of the run that renames it; null for none.</param>
    /// <returns>State of the artifact afterwards.</returns>
    /// <exception cref="ArtifactNotFoundException">The artifact has no live version.</exception>
    /// <exception cref="ArtifactNameInUseException">The name belongs to another artifact.</exception>
    /// <exception cref="AliasProtectedException">A rule for the new name does not allow an alias where it is.</exception>
    public static async Task<CatalogState> RenameAsync(
        VersionStore store,
        ArtifactName name,
        ArtifactName newName,
        RunId? runId,
        CancellationToken cancellationToken
    )
    {
        var found = await FindAsync(store, name, newName, cancellationToken).ConfigureAwait(false);
        var catalog = store.OpenCatalog(found.Key);
        var update = await catalog.BeginUpdateAsync(runId, cancellationToken).ConfigureAwait(false);
        for (var isClaimed = false; ; )
        {
            // The rules are read after the claim: see docs/architecture.md, "Why rules hold".
            var actions = await DecideAsync(catalog, update.State, newName, cancellationToken).ConfigureAwait(false);
            if (actions.Count == 0)
                return update.State;
            if (isClaimed)
            {
                if (await update.TryCommitAsync(actions, cancellationToken).ConfigureAwait(false))
                    return update.State;
            }
            // A name is claimed for ever, so not for a rename that rules refuse.
            else if (await update.TryAllowAsync(actions, cancellationToken).ConfigureAwait(false))
            {
                await ClaimAsync(store, found.Key, newName, runId, cancellationToken).ConfigureAwait(false);
                isClaimed = true;
            }
        }
    }

    /// <summary>Checks whether an artifact could be renamed now. Changes and records nothing.</summary>
    /// <inheritdoc cref="RenameAsync"/>
    public static async Task CheckAsync(
        VersionStore store,
        ArtifactName name,
        ArtifactName newName,
        CancellationToken cancellationToken
    )
    {
        var found = await FindAsync(store, name, newName, cancellationToken).ConfigureAwait(false);
        var catalog = store.OpenCatalog(found.Key);
        var actions = await DecideAsync(catalog, found, newName, cancellationToken).ConfigureAwait(false);
        await catalog
            .Protection.RequireAllowedAsync(found, actions, changes: null, cancellationToken)
            .ConfigureAwait(false);
    }

    private static async Task<CatalogState> FindAsync(
        VersionStore store,
        ArtifactName name,
        ArtifactName newName,
        CancellationToken cancellationToken
    )
    {
        var state = await store.ReadCatalogAsync(name, cancellationToken).ConfigureAwait(false);
        if (state.Names.Contains(newName))
            return state;
        var key = ArtifactKey.Of(newName);
        await CheckIsFreeAsync(
                store,
                await store.OpenCatalog(key).ReadAsync(cancellationToken).ConfigureAwait(false),
                state.Key,
                newName,
                cancellationToken
            )
            .ConfigureAwait(false);
        var contributions = await store
            .ListFoldersAsync(StoreLayout.DistributedFolder(key), _ => true, cancellationToken)
            .ConfigureAwait(false);
        return contributions.Count == 0 ? state : throw ArtifactNameInUseException.ByContributions(newName);
    }

    // Records are added to the artifact's log, and to that of the name.
    private static async Task<IReadOnlyList<CatalogAction>> DecideAsync(
        Catalog catalog,
        CatalogState state,
        ArtifactName newName,
        CancellationToken cancellationToken
    )
    {
        if (state.Name.ToString() == newName.ToString())
            return [];
        var rules = await catalog.Rules.ReadAsync(cancellationToken).ConfigureAwait(false);
        return
        [
            .. rules.PendingFor(state, newName),
            new RenameAction(newName, rules.LastNumber, rules.AdoptedFor(state, newName)),
        ];
    }

    private static async Task ClaimAsync(
        VersionStore store,
        ArtifactKey artifact,
        ArtifactName newName,
        RunId? runId,
        CancellationToken cancellationToken
    )
    {
        var key = ArtifactKey.Of(newName);
        if (key == artifact)
            return;
        await store
            .OpenCatalog(key)
            .CommitAsync(
                async (state, token) =>
                {
                    await CheckIsFreeAsync(store, state, artifact, newName, token).ConfigureAwait(false);
                    return (
                        (IReadOnlyList<CatalogAction>)(state.LeadsTo is null ? [new ClaimAction(artifact)] : []),
                        true
                    );
                },
                runId,
                cancellationToken
            )
            .ConfigureAwait(false);
    }

    /// <param name="state">State of the log of the name.</param>
    private static async Task CheckIsFreeAsync(
        VersionStore store,
        CatalogState state,
        ArtifactKey artifact,
        ArtifactName newName,
        CancellationToken cancellationToken
    )
    {
        if (state.LeadsTo is { } owner)
        {
            if (owner == artifact)
                return;
            var other = await store.OpenCatalog(owner).ReadAsync(cancellationToken).ConfigureAwait(false);
            throw ArtifactNameInUseException.ByOther(newName, other.Name);
        }
        if (state.IsLive)
            throw ArtifactNameInUseException.ByOther(newName, state.Name);
        if (state.NextVersion > 0)
            throw ArtifactNameInUseException.ByRemoved(newName);
    }
}

/// <summary>The name belongs to another artifact.</summary>
public sealed class ArtifactNameInUseException : ArtifactsException
{
    private ArtifactNameInUseException(ArtifactName name, string fault)
        : base(fault, name.ToString()) { }

    public override string ErrorId => "ArtifactNameInUse";

    public override ErrorKind Kind => ErrorKind.ResourceExists;

    internal static ArtifactNameInUseException ByOther(ArtifactName name, ArtifactName owner) =>
        new(
            name,
            name == owner
                ? $"There is an artifact '{name}' already. Choose another name."
                : $"The name '{name}' belongs to the artifact '{owner}': it is one of its names. Choose another name."
        );

    internal static ArtifactNameInUseException ByRemoved(ArtifactName name) =>
        new(
            name,
            $"The name '{name}' belongs to an artifact whose versions were removed. Restore-Artifact can bring them back. "
                + "Choose another name."
        );

    internal static ArtifactNameInUseException ByContributions(ArtifactName name) =>
        new(
            name,
            $"Writers have contributed to a version of '{name}', which Get-DistributedArtifact may list. Choose another name."
        );

    internal static ArtifactNameInUseException ByRename(ArtifactName name, ArtifactKey owner) =>
        new(
            name,
            $"The name '{name}' is reserved for the artifact '{owner}', whose rename is running or was interrupted. "
                + $"Run Rename-Artifact '{owner}' '{name}', or use another name."
        );
}
