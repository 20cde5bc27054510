using ArtifactsPS.Catalogs;

namespace ArtifactsPS.Completion;

/// <summary>Completes the aliases that the named artifact has.</summary>
public sealed class AliasCompleter : ArtifactCompleter
{
    private protected override async Task<IReadOnlyList<string>> FindAsync(
        StoreResolver stores,
        BoundArguments bound,
        string word,
        CancellationToken cancellationToken
    )
    {
        if (bound.Artifact is not { } artifact)
            return [];
        var store = await bound.OpenStoreAsync(stores, cancellationToken).ConfigureAwait(false);
        var name = ArtifactReference.Parse(artifact.Text).Name;
        var state = await store.ReadCatalogAsync(name, cancellationToken).ConfigureAwait(false);
        return state
            .Aliases.Keys.Where(alias => !Names.Comparer.Equals(alias, Names.Latest))
            .OrderBy(alias => alias, Names.Comparer)
            .ToList();
    }
}
