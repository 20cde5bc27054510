using System.Management.Automation;
using ArtifactsPS.Binding;
using ArtifactsPS.Completion;
using ArtifactsPS.Output;

namespace ArtifactsPS.Commands.References;

[Cmdlet(VerbsCommon.Get, "ArtifactReferenceHandler")]
[OutputType(typeof(ArtifactReferenceHandler))]
public sealed class GetArtifactReferenceHandlerCommand : AsyncPSCmdlet
{
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [NameArgumentTransformation]
    [ArgumentCompleter(typeof(HandlerCompleter))]
    public string[] Scheme { get; set; } = ["*"];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var scheme in Scheme)
            ForItem(scheme, () => Write(scheme));
    }

    private void Write(string scheme)
    {
        if (WildcardPattern.ContainsWildcardCharacters(scheme))
        {
            var pattern = NamePattern.Of(scheme);
            WriteObject(
                SessionHandlers.Current.List().Where(handler => pattern.IsMatch(handler.Scheme)),
                enumerateCollection: true
            );
        }
        else
            WriteObject(
                SessionHandlers.Current.TryFind(scheme, out var handler)
                    ? handler
                    : throw new ReferenceHandlerNotFoundException(scheme)
            );
    }
}
