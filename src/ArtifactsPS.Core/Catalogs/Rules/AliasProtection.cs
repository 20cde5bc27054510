using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Catalogs.Rules;

/// <summary>Applies the rules for aliases to transactions before they are committed.</summary>
/// <param name="rules">Rules of the store.</param>
/// <param name="attestations">Signatures and evidence of the versions; null for none.</param>
internal sealed class AliasProtection(AliasRuleLog rules, IVersionAttestations? attestations)
{
    /// <summary>Finds the changes of a transaction that rules for aliases refuse.</summary>
    /// <param name="state">State before the transaction.</param>
    public Task<IReadOnlyList<AliasRefusal>> FindRefusalsAsync(
        CatalogState state,
        IReadOnlyList<CatalogAction> actions,
        CancellationToken cancellationToken
    ) => FindRefusalsAsync(state, actions, changes: null, cancellationToken);

    /// <summary>Finds changes of aliases that rules refuse.</summary>
    /// <param name="state">State before the transaction.</param>
    /// <param name="actions">Actions of the transaction, of which rules are in force for it.</param>
    /// <param name="changes">The changes; null for those of the actions.</param>
    public async Task<IReadOnlyList<AliasRefusal>> FindRefusalsAsync(
        CatalogState state,
        IReadOnlyList<CatalogAction> actions,
        AliasChanges? changes,
        CancellationToken cancellationToken
    )
    {
        var added = actions.OfType<ProtectAliasAction>().Select(action => action.Rule).ToList();
        IReadOnlyList<AliasRule> inForce = [.. state.Rules, .. added];
        if (actions.OfType<RenameAction>().FirstOrDefault() is { } rename)
            // A rename is no way around rules: those for the new name must allow each alias where it is.
            return await CheckOf([.. added, .. rename.Rules])
                .FindPlacedAsync(AliasChanges.Of(state, []), rename.To, cancellationToken)
                .ConfigureAwait(false);
        return inForce.Count == 0
            ? []
            : await CheckOf(inForce)
                .FindAsync(changes ?? AliasChanges.Of(state, actions), cancellationToken)
                .ConfigureAwait(false);

        AliasRuleCheck CheckOf(IReadOnlyList<AliasRule> checkedRules) =>
            new(state, checkedRules, Author.Current, attestations);
    }

    /// <summary>Checks that rules would allow a transaction. Changes and records nothing.</summary>
    /// <inheritdoc cref="FindRefusalsAsync(CatalogState, IReadOnlyList{CatalogAction}, AliasChanges?, CancellationToken)" path="/param"/>
    /// <exception cref="AliasProtectedException">A rule refuses a change.</exception>
    public async Task RequireAllowedAsync(
        CatalogState state,
        IReadOnlyList<CatalogAction> actions,
        AliasChanges? changes,
        CancellationToken cancellationToken
    )
    {
        var refusals = await FindRefusalsAsync(state, actions, changes, cancellationToken).ConfigureAwait(false);
        if (refusals.Count > 0)
            throw new AliasProtectedException(refusals);
    }

    /// <summary>Actions that put the rules of the store in force for an artifact without versions.</summary>
    public async Task<IReadOnlyList<CatalogAction>> PendingRulesAsync(
        CatalogState state,
        CancellationToken cancellationToken
    )
    {
        var log = await rules.ReadAsync(cancellationToken).ConfigureAwait(false);
        return
        [
            .. log.PendingFor(state).Where(action => action is ProtectAliasAction || state.RuleState.LastNumber > 0),
        ];
    }
}
