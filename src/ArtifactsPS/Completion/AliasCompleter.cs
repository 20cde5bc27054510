using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Completion;

/// <summary>Completes aliases of the named artifact, or of all artifacts if none is named.</summary>
public sealed class AliasCompleter : CatalogCompleter
{
    private protected override ValueTask<IEnumerable<CaseInsensitiveName>> FindAsync(
        CatalogState state,
        CancellationToken cancellationToken
    ) => new(state.Aliases.Keys.Where(alias => !alias.IsLatest));
}
