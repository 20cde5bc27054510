using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using ArtifactsPS.Output;

namespace ArtifactsPS.Completion;

/// <summary>
/// Base of completers that read the store of the command line. Reading stops after two seconds, and the candidates found
/// so far are offered, with a last one that says that there are more. Failures, such as a missing store, result in no
/// candidates.
/// </summary>
public abstract class ArtifactCompleter : IArgumentCompleter
{
    private const int MaxCandidates = 1000;
    private static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(2);

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
        var results = found.Select(text => new CompletionResult(
            Quoted(takesWildcards ? WildcardPattern.Escape(text) : text),
            text,
            CompletionResultType.ParameterValue,
            text
        ));
        return
        [
            .. results,
            .. CompleteMore(wordToComplete ?? ""),
            .. context.IsCutShort ? [MoreAfter(wordToComplete)] : Array.Empty<CompletionResult>(),
        ];
    }

    /// <summary>Candidates that don't come from a store, complete with quotes.</summary>
    /// <param name="word">The word as it was typed.</param>
    private protected virtual IEnumerable<CompletionResult> CompleteMore(string word) => [];

    /// <summary>Streams distinct candidates. Those that don't start with the word are removed afterwards.</summary>
    private protected abstract IAsyncEnumerable<string> FindAsync(
        CompletionContext context,
        string word,
        CancellationToken cancellationToken
    );

    /// <summary>Whether the parameter expands wildcards, so that candidates must be escaped.</summary>
    private protected virtual bool TakesWildcards(string parameterName) => false;

    private async Task<List<string>> CollectAsync(CompletionContext context, string word)
    {
        var found = new List<string>();
        try
        {
            using var timeout = new CancellationTokenSource(TimeLimit);
            await foreach (var text in FindAsync(context, word, timeout.Token).ConfigureAwait(false))
            {
                if (!text.StartsWith(word, StringComparison.OrdinalIgnoreCase))
                    continue;
                if (found.Count == MaxCandidates)
                {
                    context.IsCutShort = true;
                    break;
                }
                found.Add(text);
            }
        }
        catch (OperationCanceledException)
        {
            context.IsCutShort = true;
        }
        catch (Exception e) when (ErrorRecords.IsExpected(e))
        {
            // Candidates found before the failure are still offered.
        }
        return found;
    }

    // Choosing it changes nothing. A result must have a text.
    private static CompletionResult MoreAfter(string? word) =>
        new(
            string.IsNullOrEmpty(word) ? " " : word,
            "…",
            CompletionResultType.Text,
            "Not all candidates are shown. Type more characters."
        );

    private static string Unquoted(string word) =>
        word.Length > 0 && word[0] is '\'' or '"' ? word.Trim('\'', '"').Replace("''", "'") : word;

    // A word that starts with a digit could be read as a number, and one that starts with a dash as a parameter.
    private static string Quoted(string text) =>
        text.All(c => char.IsLetterOrDigit(c) || c is '_' or '-' or '.' or ':' or '/')
        && (char.IsLetter(text[0]) || text[0] == '_')
            ? text
            : $"'{CodeGeneration.EscapeSingleQuotedStringContent(text)}'";
}
