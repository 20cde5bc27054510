using System.Runtime.CompilerServices;
using ArtifactsPS.Core.Runs;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Completion;

/// <summary>Completes groups of runs, newest runs first.</summary>
public sealed class GroupCompleter : ArtifactCompleter
{
    private protected override async IAsyncEnumerable<string> FindAsync(
        CompletionContext context,
        string word,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var store = await context.OpenStoreAsync(cancellationToken).ConfigureAwait(false);
        var groups = new HashSet<string>(CaseInsensitiveName.Comparer);
        var read = 0;
        var runs = new RunJournal(store).ListAsync(newestFirst: true, cancellationToken);
        await foreach (var run in runs.ConfigureAwait(false))
        {
            if (run.Group is { } group && groups.Add(group))
                yield return group;
            if (!context.HasTimeAfter(++read))
                yield break;
        }
    }
}
