using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Catalogs.Rules;

/// <summary>Puts a rule in force for the artifact. It replaces the rule with the same alias and pattern.</summary>
public sealed record ProtectAliasAction(AliasRule Rule) : CatalogAction
{
    internal const string Kind = "protect";

    public override string Summary => $"protected alias {Rule.Alias} (rule {Rule.Number}: {Rule.Conditions})";

    internal override string ActionName => Kind;

    internal static ProtectAliasAction Map(RecordFields fields, ProtectAliasAction? value) =>
        new(AliasRule.Map(fields, value?.Rule));
}

/// <summary>Ends a rule for the artifact.</summary>
/// <param name="Number">Number of the record that ends it, in the log of rules.</param>
/// <param name="Artifacts">Pattern of the rule.</param>
public sealed record UnprotectAliasAction(long Number, AliasName Alias, TextPattern Artifacts) : CatalogAction
{
    internal const string Kind = "unprotect";

    public override string Summary => $"removed the rule for {AliasRule.ScopeOf(Alias, Artifacts)} (rule {Number})";

    internal override string ActionName => Kind;

    internal static UnprotectAliasAction Map(RecordFields fields, UnprotectAliasAction? value) =>
        new(
            fields.Number("rule", value?.Number),
            fields.Name<AliasName>("alias", value?.Alias, AliasName.TryParse),
            AliasRule.PatternOf("artifacts", fields.Text("artifacts", value?.Artifacts.ToString()))
        );
}

/// <summary>Records that a rule refused to move or remove an alias. It changes nothing.</summary>
/// <param name="Version">Version that would have got the alias; null for a removal.</param>
/// <param name="Reasons">The rules and what was missing; at least one.</param>
public sealed record RefuseAliasAction(AliasName Alias, int? Version, IReadOnlyList<string> Reasons) : CatalogAction
{
    internal const string Kind = "refuse";

    public override string Summary =>
        (Version is { } version ? $"refused alias {Alias} -> v{version}: " : $"refused to remove alias {Alias}: ")
        + string.Join("; ", Reasons);

    public override bool Concerns(int version) => version == Version;

    internal override string ActionName => Kind;

    /// <summary>Actions for those refusals that are recorded.</summary>
    internal static IReadOnlyList<CatalogAction> Of(CatalogState state, IEnumerable<AliasRefusal> refusals) =>
        [
            .. refusals
                .Select(refusal => refusal.ToAction())
                .Where(action => state.RuleState.Records(action, Author.Current))
                .GroupBy(action => action.Summary, StringComparer.Ordinal)
                .Select(group => group.First())
                .Take(CatalogRules.MaxRefusals),
        ];

    internal static RefuseAliasAction Map(RecordFields fields, RefuseAliasAction? value) =>
        new(
            fields.Name<AliasName>("alias", value?.Alias, AliasName.TryParse),
            (int?)fields.OptionalNumber("version", value?.Version, int.MaxValue),
            fields.Texts("reasons", value?.Reasons)
        );
}
