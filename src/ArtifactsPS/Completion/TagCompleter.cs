using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Completion;

/// <summary>Completes tags of all versions; for -RemoveTag, of the named artifact's versions.</summary>
public sealed class TagCompleter : CatalogCompleter
{
    private protected override bool IsOfNamed(CompletionContext context) => context.Parameter == "RemoveTag";

    private protected override async ValueTask<IEnumerable<CaseInsensitiveName>> FindAsync(
        CatalogState state,
        CancellationToken cancellationToken
    )
    {
        var tags = new HashSet<CaseInsensitiveName>();
        await foreach (var version in state.ReadVersionsAsync(cancellationToken).ConfigureAwait(false))
            tags.UnionWith(version.Tags);
        return tags;
    }
}
