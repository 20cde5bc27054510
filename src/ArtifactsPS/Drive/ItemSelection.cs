using System.Management.Automation;

namespace ArtifactsPS.Drive;

/// <summary>Items that -Filter, -File and -Directory select. Ignores case, as wildcards in paths of drives do.</summary>
/// <param name="filter">Wildcard pattern of names; null or empty for all.</param>
/// <param name="kinds">Null for all kinds.</param>
internal sealed class ItemSelection(string? filter, ListParameters? kinds)
{
    private readonly WildcardPattern? _names = string.IsNullOrEmpty(filter)
        ? null
        : WildcardPattern.Get(filter, WildcardOptions.IgnoreCase);

    /// <summary>Whether nothing is left out.</summary>
    public bool IncludesAll => _names is null && (kinds is null || kinds.Directory == kinds.File);

    public bool Includes(string name, bool isContainer) =>
        (kinds is null || kinds.Includes(isContainer)) && (_names is null || _names.IsMatch(name));
}
