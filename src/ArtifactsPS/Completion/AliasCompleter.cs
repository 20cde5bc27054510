using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Completion;

/// <summary>Completes the aliases that the named artifact has; those of all, where none is named.</summary>
public sealed class AliasCompleter : CatalogCompleter
{
    private protected override IEnumerable<string> Find(CatalogState state) =>
        state.Aliases.Keys.Where(alias => !Names.Comparer.Equals(alias, Names.Latest));
}
