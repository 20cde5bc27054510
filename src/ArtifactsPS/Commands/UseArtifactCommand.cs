using System.Management.Automation;
using ArtifactsPS.Catalogs;
using ArtifactsPS.Runs;

namespace ArtifactsPS.Commands;

/// <summary>Finds a published version, and records it as an input of the run, if there is one.</summary>
/// <example>
/// <code>Invoke-ArtifactRun -Name evaluate { Use-Artifact resnet:best | Save-Artifact -Destination ./best }</code>
/// Restores a version, and records that the run used it.
/// </example>
/// <example>
/// <code>$data = Use-Artifact mnist:prod</code>
/// Outside of a run, the same as <c>Get-Artifact</c>.
/// </example>
/// <seealso cref="GetArtifactCommand"/>
/// <seealso cref="InvokeArtifactRunCommand"/>
/// <seealso cref="GetArtifactLineageCommand"/>
[Cmdlet(VerbsOther.Use, "Artifact", SupportsShouldProcess = true)]
[OutputType(typeof(ArtifactVersion))]
public sealed class UseArtifactCommand : ArtifactCmdlet
{
    private protected override void Process(PublishedVersion version)
    {
        if (CurrentRun.Id is { } run && ShouldProcess(version.Reference, $"Record as an input of {run}"))
            Await(token => new RunLinks(version.Store).AddAsync(run, version, RunRole.Input, token));
        WriteObject(new ArtifactVersion(version));
    }
}
