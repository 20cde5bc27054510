using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Completion;

/// <summary>Completes names of artifacts that versions can be linked to.</summary>
public sealed class CollectionCompleter : CatalogCompleter
{
    private protected override bool IsOfNamed(CompletionContext context) => false;

    private protected override ValueTask<IEnumerable<CaseInsensitiveName>> FindAsync(
        CatalogState state,
        CancellationToken cancellationToken
    ) => new([state.Name]);
}
