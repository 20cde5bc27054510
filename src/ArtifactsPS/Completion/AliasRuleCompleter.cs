using System.Runtime.CompilerServices;
using ArtifactsPS.Core.Catalogs.Rules;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Completion;

/// <summary>Completes the aliases that have rules, and the patterns of the rules.</summary>
public sealed class AliasRuleCompleter : ArtifactCompleter
{
    private protected override async IAsyncEnumerable<string> FindAsync(
        CompletionContext context,
        string word,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var store = await context.OpenStoreAsync(cancellationToken).ConfigureAwait(false);
        var rules = await new AliasRuleEditor(store).ReadAsync(cancellationToken).ConfigureAwait(false);
        // Users expect a sorted list.
        var found = new SortedSet<string>(CaseInsensitiveName.Comparer);
        found.UnionWith(
            rules.Select(rule => context.Parameter == "Name" ? rule.Artifacts.ToString() : rule.Alias.ToString())
        );
        foreach (var text in found)
            yield return text;
    }
}
