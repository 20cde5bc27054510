using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using ArtifactsPS.Output;

namespace ArtifactsPS.Completion;

/// <summary>
/// Completes what is in a store, in whichever store the command line names. Whoever presses a key waits, so what has been
/// found when the time is up is all that is offered; and it never fails, since a store that isn't there has nothing to
/// offer.
/// </summary>
public abstract class ArtifactCompleter : IArgumentCompleter
{
    private const int MaxCandidates = 1000;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName,
        string parameterName,
        string wordToComplete,
        CommandAst commandAst,
        IDictionary fakeBoundParameters
    )
    {
        if (CompletionContext.Of(commandName, parameterName, fakeBoundParameters) is not { } context)
            return [];
        var takesWildcards = TakesWildcards(parameterName);
        var word = Unquoted(wordToComplete ?? "");
        if (takesWildcards)
            word = WildcardPattern.Unescape(word);
        // Off the pipeline thread, whose context is PowerShell's.
        var found = Task.Run(() => CollectAsync(context, word)).GetAwaiter().GetResult();
        return
        [
            .. found.Select(text => new CompletionResult(
                Quoted(takesWildcards ? WildcardPattern.Escape(text) : text),
                text,
                CompletionResultType.ParameterValue,
                text
            )),
        ];
    }

    /// <summary>Streams what could be meant, each once; what doesn't begin with the word is left out afterwards.</summary>
    private protected abstract IAsyncEnumerable<string> FindAsync(
        CompletionContext context,
        string word,
        CancellationToken cancellationToken
    );

    /// <summary>Whether what is completed could hold wildcards that mean themselves, and the parameter would expand them.</summary>
    private protected virtual bool TakesWildcards(string parameterName) => false;

    private async Task<List<string>> CollectAsync(CompletionContext context, string word)
    {
        var found = new List<string>();
        try
        {
            using var patience = new CancellationTokenSource(Patience);
            await foreach (var text in FindAsync(context, word, patience.Token).ConfigureAwait(false))
            {
                if (text.StartsWith(word, StringComparison.OrdinalIgnoreCase))
                    found.Add(text);
                if (found.Count == MaxCandidates)
                    break;
            }
        }
        catch (Exception e) when (ErrorRecords.IsExpected(e) || e is OperationCanceledException)
        {
            // What was found before is as good as it was.
        }
        return found;
    }

    private static string Unquoted(string word) =>
        word.Length > 0 && word[0] is '\'' or '"' ? word.Trim('\'', '"').Replace("''", "'") : word;

    // What begins with a digit could be taken for a number, and with a dash for a parameter.
    private static string Quoted(string text) =>
        text.All(c => char.IsLetterOrDigit(c) || c is '_' or '-' or '.' or ':' or '/')
        && (char.IsLetter(text[0]) || text[0] == '_')
            ? text
            : $"'{CodeGeneration.EscapeSingleQuotedStringContent(text)}'";
}
