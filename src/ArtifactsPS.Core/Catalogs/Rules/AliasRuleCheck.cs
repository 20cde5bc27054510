using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Catalogs.Rules;

/// <summary>Decides whether rules allow a transaction to move and remove aliases.</summary>
/// <param name="state">State before the transaction.</param>
/// <param name="rules">Rules in force.</param>
/// <param name="by">Author of the transaction.</param>
/// <param name="attestations">Signatures and evidence; null if there can't be any.</param>
internal sealed class AliasRuleCheck(
    CatalogState state,
    IReadOnlyList<AliasRule> rules,
    string by,
    IVersionAttestations? attestations
)
{
    /// <summary>Finds the changes that rules refuse, one for each alias.</summary>
    public Task<IReadOnlyList<AliasRefusal>> FindAsync(AliasChanges changes, CancellationToken cancellationToken) =>
        FindAsync(
            changes,
            alias => state.Aliases.TryGetValue(alias, out var number) ? number : null,
            state.Name,
            cancellationToken
        );

    /// <summary>Finds the aliases that rules would not allow to move where they are, as if none was there before.</summary>
    /// <param name="name">Name of the artifact in the refusals.</param>
    public Task<IReadOnlyList<AliasRefusal>> FindPlacedAsync(
        AliasChanges changes,
        ArtifactName name,
        CancellationToken cancellationToken
    ) => FindAsync(changes, _ => null, name, cancellationToken);

    private async Task<IReadOnlyList<AliasRefusal>> FindAsync(
        AliasChanges changes,
        Func<AliasName, int?> holderBefore,
        ArtifactName name,
        CancellationToken cancellationToken
    )
    {
        var refusals = new List<AliasRefusal>();
        foreach (var ofAlias in rules.GroupBy(rule => rule.Alias))
        {
            var before = holderBefore(ofAlias.Key);
            var after = changes.HolderOf(ofAlias.Key);
            if (before == after)
                continue;
            var violations = new List<(AliasRule Rule, string Missing)>();
            foreach (var rule in ofAlias)
            {
                var missing = await MissingAsync(rule, before, after, changes, cancellationToken).ConfigureAwait(false);
                if (missing.Count > 0)
                    violations.Add((rule, string.Join(", ", missing)));
            }
            if (violations.Count > 0)
                refusals.Add(new AliasRefusal(name, ofAlias.Key, after, violations));
        }
        return refusals;
    }

    private async Task<IReadOnlyList<string>> MissingAsync(
        AliasRule rule,
        int? before,
        int? after,
        AliasChanges changes,
        CancellationToken cancellationToken
    )
    {
        var missing = new List<string>();
        if (rule.NoDelete && before is { } holder && (after is null || changes.Deletes(holder)))
            missing.Add(
                changes.Deletes(holder)
                    ? $"v{holder}, which has the alias, can't be removed"
                    : "the alias can't be removed"
            );
        if (rule.Authors.Count > 0 && !rule.Authors.Any(author => author.Matches(by)))
            missing.Add($"'{by}' does not match {AliasRule.AnyOf(rule.Authors)}");
        if (after is { } version)
            missing.AddRange(await LacksAsync(rule, version, changes, cancellationToken).ConfigureAwait(false));
        return missing;
    }

    // The version's tags count as the transaction leaves them. An alias that the version needs must be there before.
    private async Task<IReadOnlyList<string>> LacksAsync(
        AliasRule rule,
        int version,
        AliasChanges changes,
        CancellationToken cancellationToken
    )
    {
        var lacks = new List<string>();
        if (rule.Tags.Count > 0)
        {
            var tags = await changes.TagsOfAsync(version, cancellationToken).ConfigureAwait(false);
            lacks.AddRange(
                rule.Tags.Where(tag => !tags.Contains(tag)).Select(tag => $"v{version} lacks the tag '{tag}'")
            );
        }
        lacks.AddRange(
            rule.Aliases.Where(alias => !state.Aliases.TryGetValue(alias, out var number) || number != version)
                .Select(alias => $"v{version} lacks the alias '{alias}'")
        );
        if (rule.Evidence.Count == 0 && rule.Signers.Count == 0)
            return lacks;
        // A version that is about to be published has neither, but a link has those of its source.
        var record = await changes.FindAsync(version, cancellationToken).ConfigureAwait(false);
        if (record?.Link is null && !state.Contains(version))
            record = null;
        foreach (var type in rule.Evidence)
            if (
                record is null
                || attestations is null
                || !await attestations.HasPassedAsync(state.Key, record, type, cancellationToken).ConfigureAwait(false)
            )
                lacks.Add($"v{version} lacks passed evidence of the type '{type}'");
        if (rule.Signers.Count > 0 && !await IsSignedAsync(record).ConfigureAwait(false))
            lacks.Add($"v{version} lacks a valid signature of {AliasRule.AnyOf(rule.Signers)}");
        return lacks;

        async Task<bool> IsSignedAsync(VersionRecord? signed)
        {
            if (signed is null || attestations is null)
                return false;
            foreach (var signer in rule.Signers)
                if (
                    await attestations
                        .IsSignedByAsync(state.Key, signed, signer, cancellationToken)
                        .ConfigureAwait(false)
                )
                    return true;
            return false;
        }
    }
}

/// <summary>A change of an alias that rules refuse.</summary>
/// <param name="Version">Version that would get the alias; null for a removal.</param>
/// <param name="Violations">Rules that refuse it, and what is missing; at least one.</param>
public sealed record AliasRefusal(
    ArtifactName Artifact,
    AliasName Alias,
    int? Version,
    IReadOnlyList<(AliasRule Rule, string Missing)> Violations
)
{
    /// <summary>The action that records the refusal.</summary>
    internal RefuseAliasAction ToAction() =>
        new(Alias, Version, [.. Violations.Select(item => $"rule {item.Rule.Number}: {item.Missing}")]);
}

/// <summary>Rules for aliases refuse a change.</summary>
public sealed class AliasProtectedException(IReadOnlyList<AliasRefusal> refusals)
    : ArtifactsException(
        string.Join(" ", refusals.Select(Describe)) + " Get-ArtifactAliasRule shows the rules.",
        $"{refusals[0].Artifact}:{refusals[0].Alias}"
    )
{
    /// <summary>The refused changes; at least one.</summary>
    public IReadOnlyList<AliasRefusal> Refusals { get; } = refusals;

    public override string ErrorId => "AliasProtected";

    public override ErrorKind Kind => ErrorKind.PermissionDenied;

    private static string Describe(AliasRefusal refusal) =>
        $"'{refusal.Artifact}:{refusal.Alias}' is protected. "
        + string.Join(" ", refusal.Violations.Select(item => $"{Capitalized(item.Rule.Title)}: {item.Missing}."));

    private static string Capitalized(string text) => char.ToUpperInvariant(text[0]) + text.Substring(1);
}
