using System.Management.Automation;

namespace ArtifactsPS.Commands;

/// <summary>
/// Begins a run: what is used and published from now on is recorded with it, here and in the processes that are started
/// here, until Stop-ArtifactRun.
/// </summary>
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
