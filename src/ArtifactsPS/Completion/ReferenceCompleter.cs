using ArtifactsPS.Catalogs;

namespace ArtifactsPS.Completion;

/// <summary>Completes artifacts' names and, after a colon, their aliases and versions.</summary>
public sealed class ReferenceCompleter : ArtifactCompleter
{
    private protected override async Task<IReadOnlyList<string>> FindAsync(
        StoreResolver stores,
        BoundArguments bound,
        string word,
        CancellationToken cancellationToken
    )
    {
        var store = await stores.OpenAsync(bound.Store, cancellationToken).ConfigureAwait(false);
        var colon = word.IndexOf(':');
        if (colon >= 0)
        {
            var name = word.Substring(0, colon);
            var state = await store.ReadCatalogAsync(name, cancellationToken).ConfigureAwait(false);
            return state
                .Aliases.Keys.OrderBy(alias => alias, Names.Comparer)
                .Concat(state.VersionNumbers.Reverse().Select(number => $"v{number}"))
                .Select(selector => $"{name}:{selector}")
                .ToList();
        }
        var names = new List<string>();
        await foreach (
            var state in store
                .ReadCatalogsAsync(
                    name => name.StartsWith(Names.KeyOf(word), StringComparison.Ordinal),
                    cancellationToken
                )
                .ConfigureAwait(false)
        )
            names.Add(state.Name);
        return names;
    }
}
