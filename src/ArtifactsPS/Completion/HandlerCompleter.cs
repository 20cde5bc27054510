using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using ArtifactsPS.Binding;

namespace ArtifactsPS.Completion;

/// <summary>Completes the schemes that have a handler in this session.</summary>
public sealed class HandlerCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName,
        string parameterName,
        string wordToComplete,
        CommandAst commandAst,
        IDictionary fakeBoundParameters
    ) =>
        SessionHandlers
            .Current.List()
            .Select(handler => handler.Scheme)
            .Where(scheme => scheme.StartsWith(wordToComplete ?? "", StringComparison.OrdinalIgnoreCase))
            .Select(scheme => new CompletionResult(scheme));
}
