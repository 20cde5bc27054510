using ArtifactsPS.Core.Concurrency;
using ArtifactsPS.Core.Records;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Catalogs.Rules;

/// <summary>
/// Changes the rules for aliases of a store. A change is appended to the log of rules, then to the log of each matching artifact. It is
/// in force everywhere when a method returns. After an interruption, the same call continues.
/// </summary>
public sealed class AliasRuleEditor(VersionStore store)
{
    private readonly AliasRuleLog _rules = new(store.Objects);

    /// <summary>Reads the rules in force, in the order of their numbers.</summary>
    public async Task<IReadOnlyList<AliasRule>> ReadAsync(CancellationToken cancellationToken) =>
        (await _rules.ReadAsync(cancellationToken).ConfigureAwait(false)).Rules;

    /// <summary>Puts a rule in force. It replaces the rule with the same alias and pattern.</summary>
    /// <param name="rule">The rule; its number is ignored.</param>
    /// <param name="runId">Id of the run that changes it; null for none.</param>
    /// <exception cref="InvalidAliasRuleException">The rule has no condition, or too many.</exception>
    public async Task<AliasRule> ProtectAsync(AliasRule rule, RunId? runId, CancellationToken cancellationToken)
    {
        rule.Check();
        AliasRule? result = null;
        await _rules
            .AppendAsync(
                history =>
                {
                    result = history.Rules.FirstOrDefault(rule.HasSameConditions);
                    if (result is not null)
                        return null;
                    result = rule with { Number = history.LastNumber + 1 };
                    return RecordOf(result.Number, new ProtectAliasAction(result));
                },
                cancellationToken
            )
            .ConfigureAwait(false);
        await ApplyAsync(rule.Artifacts, runId, cancellationToken).ConfigureAwait(false);
        return result!;
    }

    /// <summary>Ends a rule.</summary>
    /// <param name="runId">Id of the run that ends it; null for none.</param>
    /// <exception cref="AliasRuleNotFoundException">There is no such rule.</exception>
    public async Task UnprotectAsync(
        AliasName alias,
        TextPattern artifacts,
        RunId? runId,
        CancellationToken cancellationToken
    )
    {
        await _rules
            .AppendAsync(
                history =>
                    history.Rules.Any(rule => rule.IsFor(alias, artifacts))
                        ? RecordOf(
                            history.LastNumber + 1,
                            new UnprotectAliasAction(history.LastNumber + 1, alias, artifacts)
                        )
                        : throw NotFound(history, alias, artifacts),
                cancellationToken
            )
            .ConfigureAwait(false);
        await ApplyAsync(artifacts, runId, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Creates the exception for a missing rule. Its message names the rules for the same alias.</summary>
    internal AliasRuleNotFoundException NotFound(AliasRuleHistory history, AliasName alias, TextPattern artifacts) =>
        new(
            alias,
            artifacts,
            store.Location,
            [.. history.Rules.Where(rule => rule.Alias == alias).Select(rule => rule.Artifacts)]
        );

    // Intents are listed before artifacts: a first version whose intent is not in the list was committed before, so that its
    // artifact is listed, or its writer reads the rules later.
    private async Task ApplyAsync(TextPattern artifacts, RunId? runId, CancellationToken cancellationToken)
    {
        var begun = new HashSet<ArtifactKey>();
        foreach (var intent in await CommitIntent.ListAsync(store.Objects, cancellationToken).ConfigureAwait(false))
            if (StoreLayout.Transaction(intent.Record) is var (artifact, _) && artifacts.Matches(artifact.ToString()))
                begun.Add(artifact);
        var listed = await store.ListNamesAsync(artifacts.Matches, cancellationToken).ConfigureAwait(false);
        using var applying = new WorkQueue<ArtifactKey>(
            (artifact, token) => ApplyAsync(artifact, begun.Contains(artifact), runId, token),
            cancellationToken
        );
        foreach (var artifact in begun.Union(listed.Select(ArtifactKey.Of)))
            await applying.AddAsync(artifact).ConfigureAwait(false);
        await applying.CompleteAsync().ConfigureAwait(false);
    }

    // The rules are read after the state. So a transaction with an older rule is refused its number, where a newer rule was applied
    // meanwhile.
    private async Task ApplyAsync(
        ArtifactKey artifact,
        bool hasBegun,
        RunId? runId,
        CancellationToken cancellationToken
    )
    {
        var state = await ApplyAsync(store.OpenCatalog(artifact), hasBegun, null, runId, cancellationToken)
            .ConfigureAwait(false);
        // The name belongs to an artifact with another key, or is about to: its rename may have read the rules already.
        if (state.LeadsTo is { } owner)
            await ApplyAsync(store.OpenCatalog(owner), hasBegun: false, artifact.FirstName, runId, cancellationToken)
                .ConfigureAwait(false);
    }

    private async Task<CatalogState> ApplyAsync(
        Catalog catalog,
        bool hasBegun,
        ArtifactName? newName,
        RunId? runId,
        CancellationToken cancellationToken
    )
    {
        var (applied, _) = await catalog
            .CommitAsync(
                async (state, token) =>
                    state.LeadsTo is not null || state.LastTransaction == 0 && !hasBegun
                        ? ([], true)
                        : ((await _rules.ReadAsync(token).ConfigureAwait(false)).PendingFor(state, newName), true),
                runId,
                cancellationToken
            )
            .ConfigureAwait(false);
        return applied;
    }

    // The log sets the id.
    private static AliasRuleRecord RecordOf(long number, CatalogAction change) =>
        new(number, "", Timestamp.Now(), Author.Current, change);
}

/// <summary>There is no rule with the given alias and pattern.</summary>
/// <param name="others">Patterns of the rules for the alias.</param>
public sealed class AliasRuleNotFoundException(
    AliasName alias,
    TextPattern artifacts,
    string store,
    IReadOnlyList<TextPattern> others
)
    : ArtifactsException(
        $"There is no rule for {AliasRule.ScopeOf(alias, artifacts)} in the store '{store}'."
            + (others.Count > 0 ? $" There are rules for it with -Name {string.Join(", ", others)}." : "")
            + " Get-ArtifactAliasRule lists the rules.",
        alias.ToString()
    )
{
    public override string ErrorId => "AliasRuleNotFound";

    public override ErrorKind Kind => ErrorKind.ObjectNotFound;
}
