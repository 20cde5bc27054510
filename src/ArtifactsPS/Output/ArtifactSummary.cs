using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Output;

/// <summary>An artifact as a drive shows it: what can be chosen of it.</summary>
public sealed class ArtifactSummary
{
    internal ArtifactSummary(CatalogState state, string store)
    {
        var latest = state.Aliases[Names.Latest];
        Name = state.Name;
        Type = state.Type!;
        Latest = FormattableString.Invariant($"v{latest}");
        VersionCount = state.VersionNumbers.Count();
        Aliases = [.. state.Aliases.Keys.OrderBy(alias => alias, Names.Comparer)];
        UpdatedAt = state.Newest!.CreatedAt.LocalDateTime;
        Store = store;
    }

    public string Name { get; }

    public string Type { get; }

    /// <summary>The version that <c>latest</c> means, <c>v3</c>.</summary>
    public string Latest { get; }

    /// <summary>How many versions there are.</summary>
    public int VersionCount { get; }

    public string[] Aliases { get; }

    /// <summary>When the newest version was published; local time.</summary>
    public DateTime UpdatedAt { get; }

    /// <summary>The store's location.</summary>
    public string Store { get; }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
