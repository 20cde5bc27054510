using System.Collections;
using System.Diagnostics;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Runtime.CompilerServices;
using ArtifactsPS.Binding;
using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Values;
using ArtifactsPS.Output;

namespace ArtifactsPS.Completion;

/// <summary>Context of a completion: the arguments on the command line, the session's location, and the elapsed
/// time.</summary>
internal sealed class CompletionContext
{
    private const int MinimumReads = 32;
    private static readonly TimeSpan TimeLimit = TimeSpan.FromMilliseconds(120);

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

    /// <summary>Name of the completed parameter, without the dash.</summary>
    public string Parameter { get; }

    /// <summary>Whether there may be more candidates than those that were found.</summary>
    public bool IsCutShort { get; set; }

    /// <summary>The artifact on the command line whose values are completed; null for none. Aliases are those of a collection, if
    /// one is named.</summary>
    public ArtifactArgument? Artifact =>
        ArtifactArgument.From(
            (IsOfCollection ? _arguments["Collection"] : null) ?? _arguments["Name"] ?? _arguments["Artifact"]
        );

    private bool IsOfCollection => Parameter is "Alias" or "Expect" && _arguments.Contains("Collection");

    // A collection is in the store of -Destination, if it is given.
    private string? Destination =>
        IsOfCollection || Parameter == "Collection" ? _arguments["Destination"]?.ToString() : null;

    /// <summary>Creates a context from the session.</summary>
    /// <returns>Null without a session.</returns>
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

    /// <summary>Whether there is time for another read: always for the first reads, then until the time limit. If not,
    /// <see cref="IsCutShort"/> is set.</summary>
    /// <param name="steps">Number of reads so far.</param>
    public bool HasTimeAfter(int steps)
    {
        IsCutShort = steps >= MinimumReads && _watch.Elapsed >= TimeLimit;
        return !IsCutShort;
    }

    /// <summary>Opens the store of the command line that has the completed values.</summary>
    public Task<VersionStore> OpenStoreAsync(CancellationToken cancellationToken) =>
        _stores.OpenAsync(
            Destination ?? Artifact?.Store ?? _arguments["Store"]?.ToString() ?? _defaultStore,
            cancellationToken
        );

    /// <summary>Reads the artifact to which a name leads. Returns nothing if it has no live version.</summary>
    public async IAsyncEnumerable<CatalogState> ReadCatalogAsync(
        ArtifactName name,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var store = await OpenStoreAsync(cancellationToken).ConfigureAwait(false);
        var state = await store.OpenCatalog(name).ReadAsync(cancellationToken).ConfigureAwait(false);
        if (state.IsLive)
            yield return state;
    }

    /// <summary>Reads matching artifacts until the time limit.</summary>
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
            if (!HasTimeAfter(++read))
                yield break;
        }
    }

    // Values of $PSDefaultParameterValues aren't among the arguments.
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
