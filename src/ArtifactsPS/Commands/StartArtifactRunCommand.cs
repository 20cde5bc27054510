using System.Management.Automation;

namespace ArtifactsPS.Commands;

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
                    WriteObject(Start());
            }
        );
}
