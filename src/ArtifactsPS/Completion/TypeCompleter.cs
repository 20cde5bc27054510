using ArtifactsPS.Catalogs;

namespace ArtifactsPS.Completion;

/// <summary>Completes the types that artifacts have.</summary>
public sealed class TypeCompleter : ArtifactCompleter
{
    private protected override async Task<IReadOnlyList<string>> FindAsync(
        StoreResolver stores,
        BoundArguments bound,
        string word,
        CancellationToken cancellationToken
    )
    {
        var store = await stores.OpenAsync(bound.Store, cancellationToken).ConfigureAwait(false);
        var types = new SortedSet<string>(Names.Comparer);
        await foreach (var state in store.ReadCatalogsAsync(_ => true, cancellationToken).ConfigureAwait(false))
            types.Add(state.Type!);
        return [.. types];
    }
}
