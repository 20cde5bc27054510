using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Catalogs.Rules;
using ArtifactsPS.Core.Records;
using ArtifactsPS.Core.Storage;

namespace ArtifactsPS.Core.Maintenance.Checking;

/// <summary>Checks the log of rules for aliases, and that the rules are in force for the artifacts.</summary>
internal sealed class RuleCheck(IObjectStore store, StoreProblems problems) : LogCheck.IReceiver
{
    private readonly AliasRuleHistory _history = new();
    private bool _isBroken;

    /// <summary>Reads the rules. Call this before the artifacts are read, so that later rules are not expected there.</summary>
    public async Task ReadAsync(CancellationToken cancellationToken)
    {
        var keys = new NumberedKeys();
        await foreach (var key in store.ListAsync(StoreLayout.RuleLogFolder, cancellationToken).ConfigureAwait(false))
            if (!keys.TryAdd(key.Key))
                problems.AddUnexpected(key.Key, "The module writes no such key for a rule.");
        await new LogCheck(store, StoreLayout.RuleLogFolder)
            .ReadAsync(keys, 0, this, cancellationToken)
            .ConfigureAwait(false);
    }

    /// <summary>Checks that the rules are in force for artifacts.</summary>
    public void Check(IEnumerable<CatalogState> states)
    {
        foreach (var state in states.Where(state => state.NextVersion > 0))
        foreach (var rule in _history.Rules.Where(rule => state.Names.All.Any(rule.AppliesTo)))
            if (!state.Rules.Any(applied => applied.Number >= rule.Number && applied.IsFor(rule.Alias, rule.Artifacts)))
                problems.Add(
                    StoreProblemKind.RuleNotApplied,
                    StoreLayout.LogFolder(state.Key),
                    $"The {rule.Title} is not in force for '{state.Name}': its command was interrupted, or is running.",
                    "Run Protect-ArtifactAlias again with the same arguments, or remove the rule with Unprotect-ArtifactAlias.",
                    severity: ProblemSeverity.Warning
                );
    }

    ValueTask LogCheck.IReceiver.TakeAsync(long number, SealedRecord record, CancellationToken cancellationToken)
    {
        if (!_isBroken)
            _history.Apply(number, record);
        return default;
    }

    void LogCheck.IReceiver.Missing(long first, long last, string key)
    {
        _isBroken = true;
        problems.Add(
            StoreProblemKind.RuleMissing,
            key,
            $"{LogCheck.Subject("Rule", first, last, "for aliases")} missing, but later ones exist."
        );
    }

    void LogCheck.IReceiver.Damaged(long first, long last, string key, string fault)
    {
        _isBroken = true;
        problems.Add(
            StoreProblemKind.RuleDamaged,
            key,
            $"{LogCheck.Subject("Rule", first, last, "for aliases")} damaged: {fault}."
        );
    }
}
