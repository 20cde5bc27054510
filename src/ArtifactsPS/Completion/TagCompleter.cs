using ArtifactsPS.Core.Catalogs;

namespace ArtifactsPS.Completion;

/// <summary>Completes the tags that versions have: any, or where one is taken away, those of the named artifact.</summary>
public sealed class TagCompleter : CatalogCompleter
{
    private protected override bool IsOfNamed(CompletionContext context) => context.Parameter == "RemoveTag";

    private protected override IEnumerable<string> Find(CatalogState state) =>
        state.VersionNumbers.SelectMany(number => state.Find(number)!.Tags);
}
