using System.Management.Automation;
using ArtifactsPS.Binding;
using ArtifactsPS.Completion;
using ArtifactsPS.Core.Distributed;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Commands.Distributed;

[Cmdlet(VerbsCommon.Remove, "DistributedArtifact", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
public sealed class RemoveDistributedArtifactCommand : StoreCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ReferenceCompleter))]
    [NameArgumentTransformation]
    public string Name { get; set; } = "";

    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(DistributedIdCompleter))]
    [NameArgumentTransformation]
    public string? DistributedId { get; set; }

    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() =>
        ForItem(
            Name,
            () =>
            {
                var log = new DistributedLog(
                    OpenStore(),
                    ArtifactName.Parse(Name),
                    DistributedIdArgument.Resolve(DistributedId)
                );
                if (ShouldProcess($"{log.Name} {log.Id}", "Give up what was contributed"))
                    Await(token => log.AbandonAsync(Force, token));
            }
        );
}
