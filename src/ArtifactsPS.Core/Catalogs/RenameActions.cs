using ArtifactsPS.Core.Catalogs.Rules;
using ArtifactsPS.Core.Records;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Catalogs;

/// <summary>Records in the log of a name that the name belongs to an artifact with another key. Such a log never gets a
/// version.</summary>
/// <param name="Artifact">Key of the artifact.</param>
public sealed record ClaimAction(ArtifactKey Artifact) : CatalogAction
{
    internal const string Kind = "claim";

    public override string Summary => $"claimed the name for {Artifact}";

    internal override string ActionName => Kind;

    internal static ClaimAction Map(RecordFields fields, ClaimAction? value) =>
        new(
            ArtifactKey.TryParse(fields.Text("artifact", value?.Artifact.ToString()), out var artifact)
                ? artifact
                : throw new InvalidDataException("'artifact' is invalid")
        );
}

/// <summary>Renames the artifact. It has claimed the new name before. Former names still lead to it.</summary>
/// <param name="To">The new name.</param>
/// <param name="LastRule">Number of the last record of the log of rules that was read.</param>
/// <param name="Rules">Rules for the new name that were in force before, in the order of their numbers. Newer ones are actions of
/// their own.</param>
public sealed record RenameAction(ArtifactName To, long LastRule, IReadOnlyList<AliasRule> Rules) : CatalogAction
{
    internal const string Kind = "rename";

    public override string Summary =>
        $"renamed to {To}"
        + string.Concat(
            Rules.Select(rule => $", protected alias {rule.Alias} (rule {rule.Number}: {rule.Conditions})")
        );

    internal override string ActionName => Kind;

    internal static RenameAction Map(RecordFields fields, RenameAction? value) =>
        new(
            fields.Name<ArtifactName>("to", value?.To, ArtifactName.TryParse),
            fields.Number("lastRule", value?.LastRule),
            fields.Records("rules", value?.Rules, AliasRule.Map)
        );
}
