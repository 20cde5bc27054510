using System.Runtime.CompilerServices;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Completion;

/// <summary>Completes the names of artifacts with deleted versions and, after a colon, the numbers of these, newest
/// first.</summary>
public sealed class DeletedVersionCompleter : VersionCompleter
{
    private protected override async IAsyncEnumerable<string> FindVersionsAsync(
        CompletionContext context,
        ArtifactName name,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var store = await context.OpenStoreAsync(cancellationToken).ConfigureAwait(false);
        var state = await store.OpenCatalog(name).ReadAsync(cancellationToken).ConfigureAwait(false);
        for (var number = state.NextVersion - 1; number >= 0; number--)
            if (!state.Contains(number))
                yield return $"{name}:v{number}";
    }

    // Artifacts without live versions are included.
    private protected override async IAsyncEnumerable<string> FindNamesAsync(
        CompletionContext context,
        string begin,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var store = await context.OpenStoreAsync(cancellationToken).ConfigureAwait(false);
        var names = await store
            .ListNamesAsync(key => key.StartsWith(begin, StringComparison.OrdinalIgnoreCase), cancellationToken)
            .ConfigureAwait(false);
        var read = 0;
        foreach (var name in names)
        {
            var state = await store.OpenCatalog(name).ReadAsync(cancellationToken).ConfigureAwait(false);
            // Former names lead to artifacts that are listed under their current ones.
            if (state.Name == name && state.VersionCount < state.NextVersion)
                yield return state.Name.ToString();
            if (!context.HasTimeAfter(++read))
                yield break;
        }
    }
}
