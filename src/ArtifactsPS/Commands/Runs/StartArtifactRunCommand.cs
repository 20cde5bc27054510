using System.Management.Automation;
using ArtifactsPS.Output;

namespace ArtifactsPS.Commands.Runs;

[Cmdlet(VerbsLifecycle.Start, "ArtifactRun", SupportsShouldProcess = true)]
[OutputType(typeof(ArtifactRun))]
public sealed class StartArtifactRunCommand : RunStartCmdlet
{
    /// <inheritdoc/>
    protected override void ProcessRecord() =>
        ForItem(
            Name,
            () =>
            {
                if (ShouldProcess(Name ?? "A run", "Start"))
                    WriteObject(new ArtifactRun(Start(), OpenStore().Location, [], []));
            }
        );
}
