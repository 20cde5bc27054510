using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Completion;

/// <summary>Completes aliases of the named artifact, or of all artifacts if none is named.</summary>
public sealed class AliasCompleter : CatalogCompleter
{
    private protected override IEnumerable<CaseInsensitiveName> Find(CatalogState state) =>
        state.Aliases.Keys.Where(alias => !alias.IsLatest);
}
