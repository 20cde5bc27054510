using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Completion;

/// <summary>Completes tags of all versions; for -RemoveTag, of the named artifact's versions.</summary>
public sealed class TagCompleter : CatalogCompleter
{
    private protected override bool IsOfNamed(CompletionContext context) => context.Parameter == "RemoveTag";

    private protected override IEnumerable<CaseInsensitiveName> Find(CatalogState state) =>
        state.VersionNumbers.SelectMany(number => state.Find(number)!.Tags);
}
