using ArtifactsPS.Stores;

namespace ArtifactsPS.Completion;

/// <summary>Completes the names of registered stores.</summary>
public sealed class StoreCompleter : ArtifactCompleter
{
    private protected override Task<IReadOnlyList<string>> FindAsync(
        StoreResolver stores,
        BoundArguments bound,
        string word,
        CancellationToken cancellationToken
    ) => Task.FromResult<IReadOnlyList<string>>(StoreRegistry.OfUser().List().Select(store => store.Name).ToList());
}
