using System.Management.Automation;
using System.Runtime.CompilerServices;
using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Values;
using ArtifactsPS.Output;

namespace ArtifactsPS.Completion;

/// <summary>Base of completers of values in catalogs, of the named artifact or of all artifacts that can be read in time.</summary>
public abstract class CatalogCompleter : ArtifactCompleter
{
    /// <summary>Whether only values of the named artifact are candidates, if one is named.</summary>
    private protected virtual bool IsOfNamed(CompletionContext context) => true;

    /// <summary>Lists the candidates of one artifact.</summary>
    private protected abstract ValueTask<IEnumerable<CaseInsensitiveName>> FindAsync(
        CatalogState state,
        CancellationToken cancellationToken
    );

    private protected override async IAsyncEnumerable<string> FindAsync(
        CompletionContext context,
        string word,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var name =
            IsOfNamed(context)
            && context.Artifact is { } artifact
            && !WildcardPattern.ContainsWildcardCharacters(artifact.Text)
                ? ArtifactReference.Parse(artifact.Text).Name
                : null;
        // Users expect a sorted list.
        var found = new SortedSet<string>(CaseInsensitiveName.Comparer);
        var states = name is null
            ? context.ReadCatalogsAsync(_ => true, cancellationToken)
            : context.ReadCatalogAsync(name, cancellationToken);
        await foreach (var state in states.ConfigureAwait(false))
            found.UnionWith(
                (await FindAsync(state, cancellationToken).ConfigureAwait(false)).Select(name => name.ToString())
            );
        foreach (var text in found)
            yield return text;
    }
}
