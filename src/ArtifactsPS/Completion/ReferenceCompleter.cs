using System.Runtime.CompilerServices;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Completion;

/// <summary>Completes artifacts' names and, after a colon, their aliases and versions.</summary>
public sealed class ReferenceCompleter : VersionCompleter
{
    private protected override async IAsyncEnumerable<string> FindVersionsAsync(
        CompletionContext context,
        ArtifactName name,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var store = await context.OpenStoreAsync(cancellationToken).ConfigureAwait(false);
        var state = await store.ReadCatalogAsync(name, cancellationToken).ConfigureAwait(false);
        foreach (var alias in state.Aliases.Keys.OrderBy(alias => alias.ToString(), CaseInsensitiveName.Comparer))
            yield return $"{name}:{alias}";
        foreach (var number in state.VersionNumbers.Reverse())
            yield return $"{name}:v{number}";
    }

    private protected override async IAsyncEnumerable<string> FindNamesAsync(
        CompletionContext context,
        string begin,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var last = "";
        var matches = (string key) => key.StartsWith(begin, StringComparison.OrdinalIgnoreCase);
        await foreach (var state in context.ReadCatalogsAsync(matches, cancellationToken).ConfigureAwait(false))
        {
            last = state.Name.Key;
            yield return state.Name.ToString();
        }
        // Artifacts that were not read in time are listed by their keys, which are lower-case names.
        if (!context.IsCutShort)
            yield break;
        context.IsCutShort = false;
        var store = await context.OpenStoreAsync(cancellationToken).ConfigureAwait(false);
        var listed = await store.ListNamesAsync(matches, cancellationToken).ConfigureAwait(false);
        foreach (var name in listed.Where(name => string.CompareOrdinal(name.Key, last) > 0))
            yield return name.ToString();
    }
}
