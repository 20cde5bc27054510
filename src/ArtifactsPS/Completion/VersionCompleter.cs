using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Completion;

/// <summary>Base of completers that complete the name of an artifact and, after a colon, its versions.</summary>
public abstract class VersionCompleter : ArtifactCompleter
{
    private protected sealed override IAsyncEnumerable<string> FindAsync(
        CompletionContext context,
        string word,
        CancellationToken cancellationToken
    ) =>
        word.IndexOf(':') is >= 0 and var colon
            ? FindVersionsAsync(context, ArtifactName.Parse(word.Substring(0, colon)), cancellationToken)
            : FindNamesAsync(context, word, cancellationToken);

    /// <summary>Streams references to versions of an artifact.</summary>
    private protected abstract IAsyncEnumerable<string> FindVersionsAsync(
        CompletionContext context,
        ArtifactName name,
        CancellationToken cancellationToken
    );

    /// <summary>Streams the names that begin with a text.</summary>
    private protected abstract IAsyncEnumerable<string> FindNamesAsync(
        CompletionContext context,
        string begin,
        CancellationToken cancellationToken
    );
}
