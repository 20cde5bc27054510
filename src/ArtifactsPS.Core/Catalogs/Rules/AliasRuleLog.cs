using ArtifactsPS.Core.Records;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Catalogs.Rules;

/// <summary>Log of all rules of a store. It decides the order of rules, and has those for artifacts that don't exist yet. A rule is
/// in force for an artifact when the artifact's own log contains it; see <c>docs/architecture.md</c>, "Why rules hold".</summary>
internal sealed class AliasRuleLog(IObjectStore store)
{
    private readonly RecordLog _log = new(store, StoreLayout.RuleLogFolder, "the rules for aliases");

    /// <summary>Reads all records.</summary>
    /// <exception cref="ObjectCorruptException">A record is damaged.</exception>
    /// <exception cref="LogIncompleteException">A record is missing, but later ones exist.</exception>
    public async Task<AliasRuleHistory> ReadAsync(CancellationToken cancellationToken)
    {
        var history = new AliasRuleHistory();
        await _log.CatchUpAsync(history, cancellationToken).ConfigureAwait(false);
        return history;
    }

    /// <summary>Appends a record.</summary>
    /// <param name="decide">Returns the record for a history; null to append nothing. Called again where another record came
    /// first. May throw.</param>
    public async Task AppendAsync(Func<AliasRuleHistory, AliasRuleRecord?> decide, CancellationToken cancellationToken)
    {
        var history = await ReadAsync(cancellationToken).ConfigureAwait(false);
        var id = Guid.NewGuid().ToString("N");
        var append = _log.BeginAppend(history, id);
        while (decide(history) is { } record)
        {
            var bytes = SealedRecord.Encode(RecordFields.Write(AliasRuleRecord.Map, record with { Id = id }));
            if (await append.TryAppendAsync(bytes, cancellationToken).ConfigureAwait(false))
                return;
        }
    }
}

/// <summary>Record of the log of rules.</summary>
/// <param name="Number">Consecutive, beginning with 1.</param>
/// <param name="Id">Random, so that its writer recognises the record after a lost response.</param>
/// <param name="Change">A <see cref="ProtectAliasAction"/> or an <see cref="UnprotectAliasAction"/> of the same number.</param>
internal sealed record AliasRuleRecord(long Number, string Id, DateTimeOffset At, string By, CatalogAction Change)
{
    /// <summary>Whether the record concerns an artifact.</summary>
    public bool AppliesTo(ArtifactName name) => Scope.Artifacts.Matches(name.ToString());

    /// <summary>Alias and pattern of the rule.</summary>
    public (AliasName Alias, TextPattern Artifacts) Scope =>
        Change is ProtectAliasAction protect
            ? (protect.Rule.Alias, protect.Rule.Artifacts)
            : (((UnprotectAliasAction)Change).Alias, ((UnprotectAliasAction)Change).Artifacts);

    /// <exception cref="InvalidDataException">A member is missing or invalid.</exception>
    public static AliasRuleRecord Map(RecordFields fields, AliasRuleRecord? value)
    {
        var record = new AliasRuleRecord(
            fields.Number("number", value?.Number),
            fields.Text("id", value?.Id),
            fields.Time("at", value?.At),
            fields.Text("by", value?.By),
            fields.Record("change", value?.Change, CatalogAction.Map)
        );
        var number = record.Change switch
        {
            ProtectAliasAction protect => protect.Rule.Number,
            UnprotectAliasAction unprotect => unprotect.Number,
            _ => throw new InvalidDataException("'change' is not a rule"),
        };
        return number == record.Number ? record : throw new InvalidDataException($"it changes rule {number}");
    }
}

/// <summary>All records of the log of rules.</summary>
internal sealed class AliasRuleHistory : RecordLog.IState
{
    private readonly List<AliasRuleRecord> _records = [];

    /// <summary>Records, oldest first.</summary>
    public IReadOnlyList<AliasRuleRecord> Records => _records;

    public long LastNumber => _records.Count;

    /// <summary>Rules in force, in the order of their numbers.</summary>
    public IReadOnlyList<AliasRule> Rules => [.. Latest(_records).Select(RuleOf).OfType<AliasRule>()];

    /// <inheritdoc/>
    public string Apply(long number, SealedRecord record)
    {
        var decoded = RecordFields.Read<AliasRuleRecord>(AliasRuleRecord.Map, record.ToJson());
        if (decoded.Number != number)
            throw new InvalidDataException($"it is record {decoded.Number}");
        _records.Add(decoded);
        return decoded.Id;
    }

    /// <summary>Actions that bring an artifact's log up to date. Of several records with the same scope, the last one counts.</summary>
    /// <param name="state">State of the artifact's log.</param>
    /// <param name="newName">Name that the artifact is about to get; null for none.</param>
    public IReadOnlyList<CatalogAction> PendingFor(CatalogState state, ArtifactName? newName = null) =>
        [
            .. Latest(
                    _records.Where(record =>
                        record.Number > state.RuleState.LastNumber
                        && (state.Names.All.Any(record.AppliesTo) || newName is not null && record.AppliesTo(newName))
                    )
                )
                .Select(record => record.Change),
        ];

    /// <summary>Rules for a new name of an artifact that are older than those which its log has.</summary>
    public IReadOnlyList<AliasRule> AdoptedFor(CatalogState state, ArtifactName newName) =>
        [
            .. Rules.Where(rule =>
                rule.Number <= state.RuleState.LastNumber
                && rule.AppliesTo(newName)
                && state.Rules.All(known => known.Number != rule.Number)
            ),
        ];

    private static IEnumerable<AliasRuleRecord> Latest(IEnumerable<AliasRuleRecord> records) =>
        records.GroupBy(record => record.Scope).Select(group => group.Last()).OrderBy(record => record.Number);

    private static AliasRule? RuleOf(AliasRuleRecord record) => (record.Change as ProtectAliasAction)?.Rule;
}
