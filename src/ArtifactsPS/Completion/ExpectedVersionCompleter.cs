using System.Runtime.CompilerServices;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Completion;

/// <summary>Completes <c>none</c> and the versions of the named artifact that have an alias.</summary>
public sealed class ExpectedVersionCompleter : ArtifactCompleter
{
    private protected override async IAsyncEnumerable<string> FindAsync(
        CompletionContext context,
        string word,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        yield return "none";
        if (context.Artifact is not { } artifact)
            yield break;
        var store = await context.OpenStoreAsync(cancellationToken).ConfigureAwait(false);
        var name = ArtifactReference.Parse(artifact.Text).Name;
        var state = await store.ReadCatalogAsync(name, cancellationToken).ConfigureAwait(false);
        foreach (var number in state.Aliases.Values.Distinct().OrderByDescending(number => number))
            yield return $"v{number}";
    }
}
