using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Storage.Kinds;
using ArtifactsPS.Output;

namespace ArtifactsPS.Completion;

/// <summary>Completes -Option with the options of the kind of store that -Location names, or of all kinds. The tool tip
/// describes the option.</summary>
public sealed class StoreOptionCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName,
        string parameterName,
        string wordToComplete,
        CommandAst commandAst,
        IDictionary fakeBoundParameters
    )
    {
        var word = (wordToComplete ?? "").TrimStart('@', '{', ' ');
        try
        {
            return
            [
                .. StoreLocation
                    .OptionsOf(fakeBoundParameters["Location"]?.ToString())
                    .Where(option => option.Name.StartsWith(word, StringComparison.OrdinalIgnoreCase))
                    .Select(option => new CompletionResult(
                        $"@{{ {option.Name} = {Sample(option)} }}",
                        option.Name,
                        CompletionResultType.ParameterValue,
                        $"{option.Meaning} ({Form(option)})"
                    )),
            ];
        }
        catch (Exception e) when (ErrorRecords.IsExpected(e))
        {
            return [];
        }
    }

    private static string Sample(StoreOption option) =>
        option.Type switch
        {
            StoreOptionType.Number => FormattableString.Invariant($"{option.Minimum}"),
            StoreOptionType.Flag => "$true",
            StoreOptionType.Server => "'https://'",
            _ => "''",
        };

    private static string Form(StoreOption option) =>
        option.Type switch
        {
            StoreOptionType.Number => FormattableString.Invariant($"{option.Minimum} to {option.Maximum}"),
            StoreOptionType.Flag => "true or false",
            StoreOptionType.Server => "URI",
            _ => "text",
        };
}
