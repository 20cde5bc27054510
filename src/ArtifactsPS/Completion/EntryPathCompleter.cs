using System.Runtime.CompilerServices;
using ArtifactsPS.Binding;
using ArtifactsPS.Core.Manifests;
using ArtifactsPS.Core.Values;
using ArtifactsPS.Output;

namespace ArtifactsPS.Completion;

/// <summary>Completes the entries of the named version or draft, one folder at a time.</summary>
public sealed class EntryPathCompleter : ArtifactCompleter
{
    private protected override bool TakesWildcards(string parameterName) => parameterName == "Path";

    private protected override async IAsyncEnumerable<string> FindAsync(
        CompletionContext context,
        string word,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        if (context.Artifact is not { } artifact)
            yield break;
        var found = artifact.Draft is { } draft
            ? OfDraftAsync(draft, word, cancellationToken)
            : OfVersionAsync(context, artifact, word, cancellationToken);
        var last = "";
        await foreach (var path in found.ConfigureAwait(false))
            if (path != last)
                yield return last = path;
    }

    // Lists one level only, so that the cost doesn't depend on the content of subfolders.
    private static async IAsyncEnumerable<string> OfVersionAsync(
        CompletionContext context,
        ArtifactArgument artifact,
        string word,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var store = await context.OpenStoreAsync(cancellationToken).ConfigureAwait(false);
        var version = await store
            .FindAsync(ArtifactReference.Parse(artifact.Text), cancellationToken)
            .ConfigureAwait(false);
        var folder = word.Substring(0, word.LastIndexOf('/') + 1);
        await foreach (var item in version.Manifest.ListAsync(word, cancellationToken).ConfigureAwait(false))
            yield return folder + item.Name + (item.Entry is null ? "/" : "");
    }

    private static async IAsyncEnumerable<string> OfDraftAsync(
        Artifact draft,
        string word,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var entries = draft.Draft.EntriesAsync(EntrySelector.Matching(word, word, _ => true), cancellationToken);
        await foreach (var entry in entries.ConfigureAwait(false))
        {
            var path = entry.Path.ToString();
            var slash = path.IndexOf('/', word.Length);
            yield return slash < 0 ? path : path.Substring(0, slash + 1);
        }
    }
}
