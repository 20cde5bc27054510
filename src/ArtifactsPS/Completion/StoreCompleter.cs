using ArtifactsPS.Core.Concurrency;
using ArtifactsPS.Core.Storage.Kinds;

namespace ArtifactsPS.Completion;

/// <summary>Completes the names of registered stores.</summary>
public sealed class StoreCompleter : ArtifactCompleter
{
    private protected override IAsyncEnumerable<string> FindAsync(
        CompletionContext context,
        string word,
        CancellationToken cancellationToken
    ) => AsyncStream.Of(StoreRegistry.OfUser().List().Select(store => store.Name));
}
