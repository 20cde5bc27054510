using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using System.Management.Automation.Runspaces;
using ArtifactsPS.Catalogs;

namespace ArtifactsPS.Completion;

/// <summary>
/// Completes what is in a store, in whichever store the command line names. Whoever presses a key waits, so it gives up
/// after a while; and it never fails, since a store that isn't there has nothing to offer.
/// </summary>
public abstract class ArtifactCompleter : IArgumentCompleter
{
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
        if (CurrentPaths() is not { } paths)
            return [];
        var stores = new StoreResolver(paths);
        var takesWildcards = TakesWildcards(parameterName);
        var word = (wordToComplete ?? "").Trim('\'', '"');
        if (takesWildcards)
            word = WildcardPattern.Unescape(word);
        var bound = new BoundArguments(fakeBoundParameters);
        try
        {
            using var patience = new CancellationTokenSource(Patience);
            var candidates = Task.Run(() => FindAsync(stores, bound, word, patience.Token), patience.Token)
                .GetAwaiter()
                .GetResult();
            return candidates
                .Where(text => text.StartsWith(word, StringComparison.OrdinalIgnoreCase))
                .Select(text => new CompletionResult(
                    Quoted(takesWildcards ? WildcardPattern.Escape(text) : text),
                    text,
                    CompletionResultType.ParameterValue,
                    text
                ))
                .ToList();
        }
        catch (Exception e) when (ErrorRecords.IsExpected(e) || e is OperationCanceledException)
        {
            return [];
        }
    }

    /// <summary>Lists what could be meant; what doesn't begin with the word is left out afterwards.</summary>
    private protected abstract Task<IReadOnlyList<string>> FindAsync(
        StoreResolver stores,
        BoundArguments bound,
        string word,
        CancellationToken cancellationToken
    );

    /// <summary>Whether what is completed could hold wildcards that mean themselves, and the parameter would expand them.</summary>
    private protected virtual bool TakesWildcards(string parameterName) => false;

    // The drives and the current folder. The runspace's own SessionStateProxy refuses to answer within a pipeline, which
    // completion is.
    private static PathIntrinsics? CurrentPaths()
    {
        if (Runspace.DefaultRunspace is null)
            return null;
        using var shell = PowerShell.Create(RunspaceMode.CurrentRunspace);
        return shell.AddScript("$ExecutionContext.SessionState.Path").Invoke<PathIntrinsics>().FirstOrDefault();
    }

    private static string Quoted(string text) =>
        text.All(c => char.IsLetterOrDigit(c) || c is '_' or '-' or '.' or ':' or '/')
            ? text
            : $"'{text.Replace("'", "''")}'";
}

/// <summary>The arguments that stand on the command line already.</summary>
internal sealed class BoundArguments(IDictionary arguments)
{
    /// <summary>What -Store names; null for the default.</summary>
    public string? Store => arguments["Store"]?.ToString();

    /// <summary>The artifact that is named, in whichever way.</summary>
    public ArtifactArgument? Artifact => ArtifactArgument.From(arguments["Name"] ?? arguments["Artifact"]);

    /// <summary>Opens the store that the command line means.</summary>
    public Task<VersionStore> OpenStoreAsync(StoreResolver stores, CancellationToken cancellationToken) =>
        stores.OpenAsync(Artifact?.Store ?? Store, cancellationToken);
}
