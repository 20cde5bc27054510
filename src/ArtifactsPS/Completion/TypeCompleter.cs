using ArtifactsPS.Core.Catalogs;

namespace ArtifactsPS.Completion;

/// <summary>Completes the types that artifacts have.</summary>
public sealed class TypeCompleter : CatalogCompleter
{
    private protected override bool IsOfNamed(CompletionContext context) => false;

    private protected override IEnumerable<string> Find(CatalogState state) => [state.Type!];
}
