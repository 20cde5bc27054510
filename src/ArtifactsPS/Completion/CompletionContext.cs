using System.Collections;
using System.Diagnostics;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Runtime.CompilerServices;
using ArtifactsPS.Binding;
using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Output;

namespace ArtifactsPS.Completion;

/// <summary>What a completer knows: the arguments that stand on the command line already, where the session is, and how
/// much time has passed since the key was pressed.</summary>
internal sealed class CompletionContext
{
    private const int ReadInAnyCase = 32;
    private static readonly TimeSpan Haste = TimeSpan.FromMilliseconds(120);

    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private readonly StoreResolver _stores;
    private readonly IDictionary _arguments;
    private readonly string? _defaultStore;

    private CompletionContext(PathIntrinsics paths, IDictionary arguments, string parameter, string? defaultStore)
    {
        Parameter = parameter;
        _stores = new StoreResolver(paths);
        _arguments = arguments;
        _defaultStore = defaultStore;
    }

    /// <summary>What is completed, without the dash.</summary>
    public string Parameter { get; }

    /// <summary>Whether artifacts were left out, since the time was up.</summary>
    public bool IsCutShort { get; private set; }

    /// <summary>The artifact that is named, in whichever way.</summary>
    public ArtifactArgument? Artifact => ArtifactArgument.From(_arguments["Name"] ?? _arguments["Artifact"]);

    /// <summary>Asks the session.</summary>
    /// <returns>Null where there is none.</returns>
    public static CompletionContext? Of(string commandName, string parameterName, IDictionary arguments)
    {
        if (Runspace.DefaultRunspace is null)
            return null;
        // The runspace's own SessionStateProxy refuses to answer within a pipeline, which completion is.
        using var shell = PowerShell.Create(RunspaceMode.CurrentRunspace);
        var answers = shell.AddScript("$ExecutionContext.SessionState.Path; $PSDefaultParameterValues").Invoke();
        return answers.Count > 0 && answers[0]?.BaseObject is PathIntrinsics paths
            ? new CompletionContext(
                paths,
                arguments,
                parameterName,
                DefaultStore(commandName, answers[answers.Count - 1]?.BaseObject)
            )
            : null;
    }

    /// <summary>Whether to go on where each step reads something: some steps take no time to speak of, and after that,
    /// whoever pressed the key is waiting.</summary>
    /// <param name="steps">How many there were.</param>
    public bool HasTimeAfter(int steps) => steps < ReadInAnyCase || _watch.Elapsed < Haste;

    /// <summary>Opens the store that the command line means.</summary>
    public Task<VersionStore> OpenStoreAsync(CancellationToken cancellationToken) =>
        _stores.OpenAsync(Artifact?.Store ?? _arguments["Store"]?.ToString() ?? _defaultStore, cancellationToken);

    /// <summary>Reads artifacts, those that match, as long as there is time.</summary>
    public async IAsyncEnumerable<CatalogState> ReadCatalogsAsync(
        Func<string, bool> matches,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var store = await OpenStoreAsync(cancellationToken).ConfigureAwait(false);
        var read = 0;
        await foreach (var state in store.ReadCatalogsAsync(matches, cancellationToken).ConfigureAwait(false))
        {
            yield return state;
            IsCutShort = !HasTimeAfter(++read);
            if (IsCutShort)
                yield break;
        }
    }

    // What $PSDefaultParameterValues has for -Store of the command, which isn't among the arguments.
    private static string? DefaultStore(string commandName, object? defaults)
    {
        if (defaults is not IDictionary values)
            return null;
        foreach (DictionaryEntry value in values)
            if (
                value is { Key: string key, Value: { } store }
                && key.Split(':') is [var command, var parameter]
                && NamePattern.Of(command.Trim()).IsMatch(commandName)
                && NamePattern.Of(parameter.Trim()).IsMatch("Store")
            )
                return store.ToString();
        return null;
    }
}
