using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Catalogs.Rules;

/// <summary>
/// Conditions for moving and removing an alias of some artifacts. All conditions must be met, also those of other rules for the
/// same alias. A rule is decided in the transaction that moves the alias, and does not apply to later changes of the version.
/// </summary>
public sealed record AliasRule
{
    private const int MaxConditions = 100;

    /// <summary>Number of the rule's record in the log of rules; 0 for a rule that was never in force.</summary>
    public required long Number { get; init; }

    public required AliasName Alias { get; init; }

    /// <summary>Pattern for the names of artifacts.</summary>
    public required TextPattern Artifacts { get; init; }

    /// <summary>Tags that the version needs.</summary>
    public IReadOnlyList<TagName> Tags { get; init; } = [];

    /// <summary>Aliases that the version needs.</summary>
    public IReadOnlyList<AliasName> Aliases { get; init; } = [];

    /// <summary>Types of evidence that the version needs. The newest one of each type must have passed.</summary>
    public IReadOnlyList<string> Evidence { get; init; } = [];

    /// <summary>Certificates and keys, one of which must have signed the version.</summary>
    public IReadOnlyList<string> Signers { get; init; } = [];

    /// <summary>Patterns for authors (<c>user@machine</c>), one of which must match.</summary>
    public IReadOnlyList<TextPattern> Authors { get; init; } = [];

    /// <summary>Whether neither the alias nor the version that has it can be removed.</summary>
    public bool NoDelete { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The author of the rule, as <c>user@machine</c>.</summary>
    public required string CreatedBy { get; init; }

    /// <summary>Creates a rule of the current user, which is not in force yet.</summary>
    public static AliasRule Create(AliasName alias, TextPattern artifacts) =>
        new()
        {
            Number = 0,
            Alias = alias,
            Artifacts = artifacts,
            CreatedAt = Timestamp.Now(),
            CreatedBy = Author.Current,
        };

    /// <summary>The rule with its scope, such as <c>rule 3 for the alias 'prod' of 'net*'</c>.</summary>
    public string Title => $"rule {Number} for {ScopeOf(Alias, Artifacts)}";

    /// <summary>The conditions in one line.</summary>
    public string Conditions
    {
        get
        {
            var parts = new List<string>();
            parts.AddRange(Tags.Select(tag => $"tag '{tag}'"));
            parts.AddRange(Aliases.Select(alias => $"alias '{alias}'"));
            parts.AddRange(Evidence.Select(type => $"passed evidence '{type}'"));
            if (Signers.Count > 0)
                parts.Add($"signature of {AnyOf(Signers)}");
            if (Authors.Count > 0)
                parts.Add($"by {AnyOf(Authors)}");
            if (NoDelete)
                parts.Add("no removal");
            return string.Join(", ", parts);
        }
    }

    /// <summary>Whether the rule applies to an artifact.</summary>
    public bool AppliesTo(ArtifactName name) => Artifacts.Matches(name.ToString());

    /// <summary>Whether the rule has an alias and a pattern, and so is replaced or removed with them.</summary>
    public bool IsFor(AliasName alias, TextPattern artifacts) => Alias == alias && Artifacts.Equals(artifacts);

    /// <summary>Whether another rule has the same scope and conditions.</summary>
    public bool HasSameConditions(AliasRule other) =>
        IsFor(other.Alias, other.Artifacts)
        && Tags.SequenceEqual(other.Tags)
        && Aliases.SequenceEqual(other.Aliases)
        && Evidence.SequenceEqual(other.Evidence, StringComparer.OrdinalIgnoreCase)
        && Signers.SequenceEqual(other.Signers, StringComparer.OrdinalIgnoreCase)
        && Authors.SequenceEqual(other.Authors)
        && NoDelete == other.NoDelete;

    /// <summary>Checks a rule that a user gave.</summary>
    /// <exception cref="InvalidAliasRuleException">The rule has no condition, or too many.</exception>
    public void Check()
    {
        var conditions = Tags.Count + Aliases.Count + Evidence.Count + Signers.Count + Authors.Count;
        if (conditions == 0 && !NoDelete)
            throw new InvalidAliasRuleException(
                Alias.ToString(),
                "it has no condition. Give at least one of -RequireTag, -RequireAlias, -RequireEvidence, -RequireSignature, "
                    + "-By and -NoDelete"
            );
        if (conditions > MaxConditions)
            throw new InvalidAliasRuleException(Alias.ToString(), $"it has more than {MaxConditions} conditions");
        if (Aliases.Contains(Alias))
            throw new InvalidAliasRuleException(
                Alias.ToString(),
                "no version could get the alias, since it would need the alias before. Require another alias"
            );
    }

    internal static string ScopeOf(AliasName alias, TextPattern artifacts) =>
        artifacts.IsAny ? $"the alias '{alias}' of all artifacts" : $"the alias '{alias}' of '{artifacts}'";

    internal static AliasRule Map(RecordFields fields, AliasRule? value) =>
        new()
        {
            Number = fields.Number("rule", value?.Number),
            Alias = fields.Name<AliasName>("alias", value?.Alias, AliasName.TryParse),
            Artifacts = PatternOf("artifacts", fields.Text("artifacts", value?.Artifacts.ToString())),
            Tags = fields.Names<TagName>("tags", value?.Tags, TagName.TryParse),
            Aliases = fields.Names<AliasName>("aliases", value?.Aliases, AliasName.TryParse),
            Evidence = fields.Texts("evidence", value?.Evidence),
            Signers = fields.Texts("signers", value?.Signers),
            Authors =
            [
                .. fields
                    .Texts("authors", value?.Authors.Select(author => author.ToString()).ToList())
                    .Select(text => PatternOf("authors", text)),
            ],
            NoDelete = fields.Flag("noDelete", value?.NoDelete),
            CreatedAt = fields.Time("at", value?.CreatedAt),
            CreatedBy = fields.Text("by", value?.CreatedBy),
        };

    /// <exception cref="InvalidDataException">The text is not a pattern.</exception>
    internal static TextPattern PatternOf(string member, string text) =>
        TextPattern.TryParse(text, out var pattern)
            ? pattern
            : throw new InvalidDataException($"'{member}' is invalid");

    internal static string AnyOf<T>(IReadOnlyList<T> items) => string.Join(" or ", items.Select(item => $"'{item}'"));
}

/// <summary>A rule for an alias can't be used.</summary>
/// <param name="item">The alias or pattern.</param>
/// <param name="fault">Fault and advice, without a full stop.</param>
public sealed class InvalidAliasRuleException(string item, string fault)
    : ArtifactsException($"The rule for '{item}' is invalid: {fault}.", item)
{
    public override string ErrorId => "InvalidAliasRule";

    public override ErrorKind Kind => ErrorKind.InvalidArgument;
}
