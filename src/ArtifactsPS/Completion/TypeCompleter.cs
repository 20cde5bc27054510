using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Completion;

/// <summary>Completes the types that artifacts have.</summary>
public sealed class TypeCompleter : CatalogCompleter
{
    private protected override bool IsOfNamed(CompletionContext context) => false;

    private protected override ValueTask<IEnumerable<CaseInsensitiveName>> FindAsync(
        CatalogState state,
        CancellationToken cancellationToken
    ) => new([state.Type!]);
}
