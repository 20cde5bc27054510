using System.Runtime.CompilerServices;
using ArtifactsPS.Core.Runs;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Completion;

/// <summary>Completes the ids of runs, and their names where the parameter takes names, newest runs first.</summary>
public sealed class RunCompleter : ArtifactCompleter
{
    private protected override async IAsyncEnumerable<string> FindAsync(
        CompletionContext context,
        string word,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var store = await context.OpenStoreAsync(cancellationToken).ConfigureAwait(false);
        var names = new HashSet<string>(CaseInsensitiveName.Comparer);
        var read = 0;
        var runs = new RunJournal(store).ListAsync(newestFirst: true, cancellationToken);
        await foreach (var run in runs.ConfigureAwait(false))
        {
            if (context.Parameter == "Name" && run.Name is { } name && names.Add(name))
                yield return name;
            yield return run.Id.ToString();
            if (!context.HasTimeAfter(++read))
                yield break;
        }
    }
}
