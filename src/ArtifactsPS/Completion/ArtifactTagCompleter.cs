using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Completion;

/// <summary>Completes tags of artifacts as a whole; for -RemoveArtifactTag, those of the named artifact.</summary>
public sealed class ArtifactTagCompleter : CatalogCompleter
{
    private protected override bool IsOfNamed(CompletionContext context) => context.Parameter == "RemoveArtifactTag";

    private protected override ValueTask<IEnumerable<CaseInsensitiveName>> FindAsync(
        CatalogState state,
        CancellationToken cancellationToken
    ) => new(state.Tags);
}
