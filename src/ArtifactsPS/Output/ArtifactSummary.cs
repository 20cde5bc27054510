using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Output;

/// <summary>An artifact on a drive: its versions and aliases in summary.</summary>
public sealed class ArtifactSummary
{
    internal ArtifactSummary(CatalogState state, VersionRecord newest, string store)
    {
        var latest = state.Aliases[AliasName.Latest];
        Name = state.Name.ToString();
        Type = state.Type!.ToString();
        Latest = FormattableString.Invariant($"v{latest}");
        VersionCount = state.VersionCount;
        Aliases =
        [
            .. state
                .Aliases.Keys.Select(alias => alias.ToString())
                .OrderBy(alias => alias, CaseInsensitiveName.Comparer),
        ];
        UpdatedAt = newest.CreatedAt.LocalDateTime;
        Store = store;
    }

    public string Name { get; }

    public string Type { get; }

    /// <summary>The version with the alias <c>latest</c>, such as <c>v3</c>.</summary>
    public string Latest { get; }

    public int VersionCount { get; }

    public string[] Aliases { get; }

    /// <summary>Local time at which the newest version was published.</summary>
    public DateTime UpdatedAt { get; }

    /// <summary>The store's location.</summary>
    public string Store { get; }

    /// <inheritdoc cref="ItemPath"/>
    public string PSPath => ItemPath.Of(Store, Name);

    /// <inheritdoc cref="ItemPath.TextOf"/>
    public override string ToString() => ItemPath.TextOf("artifact", Name);
}
