using ArtifactsPS.Core.Catalogs.Rules;

namespace ArtifactsPS.Output;

/// <summary>A rule for an alias.</summary>
public sealed class ArtifactAliasRule
{
    internal ArtifactAliasRule(AliasRule rule, string store)
    {
        Number = rule.Number;
        Alias = rule.Alias.ToString();
        Name = rule.Artifacts.ToString();
        RequireTag = [.. rule.Tags.Select(tag => tag.ToString())];
        RequireAlias = [.. rule.Aliases.Select(alias => alias.ToString())];
        RequireEvidence = [.. rule.Evidence];
        RequireSignature = [.. rule.Signers];
        By = [.. rule.Authors.Select(author => author.ToString())];
        NoDelete = rule.NoDelete;
        Conditions = rule.Conditions;
        CreatedAt = rule.CreatedAt.LocalDateTime;
        CreatedBy = rule.CreatedBy;
        Store = store;
    }

    /// <summary>Number of the rule. A replaced rule gets a new number.</summary>
    public long Number { get; }

    public string Alias { get; }

    /// <summary>Pattern for the names of artifacts.</summary>
    public string Name { get; }

    /// <summary>Tags that the version needs.</summary>
    public string[] RequireTag { get; }

    /// <summary>Aliases that the version needs.</summary>
    public string[] RequireAlias { get; }

    /// <summary>Types of evidence that the version needs.</summary>
    public string[] RequireEvidence { get; }

    /// <summary>Certificates and keys, one of which must have signed the version.</summary>
    public string[] RequireSignature { get; }

    /// <summary>Patterns for authors, one of which must match.</summary>
    public string[] By { get; }

    /// <summary>Whether neither the alias nor the version that has it can be removed.</summary>
    public bool NoDelete { get; }

    /// <summary>All conditions in one line.</summary>
    public string Conditions { get; }

    /// <summary>Local time.</summary>
    public DateTime CreatedAt { get; }

    /// <summary>user@machine.</summary>
    public string CreatedBy { get; }

    /// <summary>The store's location.</summary>
    public string Store { get; }

    /// <inheritdoc cref="ItemPath"/>
    public string PSPath => ItemPath.OfNone("rule", Alias);

    /// <inheritdoc/>
    public override string ToString() => ItemPath.TextOf("rule", $"{Alias} {Name}");
}
