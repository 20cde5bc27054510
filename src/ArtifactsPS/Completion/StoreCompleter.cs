using System.Management.Automation;
using ArtifactsPS.Core.Concurrency;
using ArtifactsPS.Core.Storage.Kinds;

namespace ArtifactsPS.Completion;

/// <summary>Completes the names of registered stores, and folders.</summary>
public sealed class StoreCompleter : ArtifactCompleter
{
    private protected override IAsyncEnumerable<string> FindAsync(
        CompletionContext context,
        string word,
        CancellationToken cancellationToken
    ) => AsyncStream.Of(StoreRegistry.OfUser().List().Select(store => store.Name));

    private protected override IEnumerable<CompletionResult> CompleteMore(string word) =>
        CompletionCompleters
            .CompleteFilename(word)
            .Where(result => result.ResultType == CompletionResultType.ProviderContainer);
}
