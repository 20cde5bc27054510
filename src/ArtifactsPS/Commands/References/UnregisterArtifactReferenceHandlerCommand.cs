using System.Management.Automation;
using ArtifactsPS.Binding;
using ArtifactsPS.Completion;

namespace ArtifactsPS.Commands.References;

[Cmdlet(VerbsLifecycle.Unregister, "ArtifactReferenceHandler", SupportsShouldProcess = true)]
public sealed class UnregisterArtifactReferenceHandlerCommand : AsyncPSCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [NameArgumentTransformation]
    [ArgumentCompleter(typeof(HandlerCompleter))]
    public string[] Scheme { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var scheme in Scheme)
            ForItem(
                scheme,
                () =>
                {
                    if (ShouldProcess($"{scheme}:", "Remove the handler of references"))
                        SessionHandlers.Current.Remove(scheme);
                }
            );
    }
}
