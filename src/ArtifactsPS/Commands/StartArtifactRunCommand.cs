using System.Management.Automation;

namespace ArtifactsPS.Commands;

/// <summary>
/// Begins a run: what is used and published from now on is recorded with it, here and in the processes that are started
/// here, until Stop-ArtifactRun.
/// </summary>
/// <example>
/// <code>
/// $run = Start-ArtifactRun -Name train -JobType train -Config @{ epochs = 30 }
/// $data = Use-Artifact mnist:prod
/// New-Artifact resnet model | Add-ArtifactDirectory ./model | Publish-Artifact
/// Stop-ArtifactRun
/// </code>
/// Records that the run used <c>mnist:prod</c>, and which version of <c>resnet</c> it made.
/// </example>
/// <example>
/// <code>
/// $run = Start-ArtifactRun -Name shard-1 -Group nightly-42
/// $env:ARTIFACTS_RUN_ID
/// Stop-ArtifactRun
/// </code>
/// Begins a run of a group. Processes that are started before it ends are part of it by their environment.
/// </example>
/// <example>
/// <code>Start-ArtifactRun -Name load -Config @{ rows = 1000; apiToken = $token } -ExcludeConfig *token*, *password*</code>
/// Records what the run was started with, but for the secret.
/// </example>
/// <seealso cref="StopArtifactRunCommand"/>
/// <seealso cref="InvokeArtifactRunCommand"/>
/// <seealso cref="UseArtifactCommand"/>
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
