using System.Management.Automation;
using ArtifactsPS.Commands.Attestations;
using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Runs;
using ArtifactsPS.Output;

namespace ArtifactsPS.Commands.Runs;

[Cmdlet(VerbsOther.Use, "Artifact", SupportsShouldProcess = true)]
[OutputType(typeof(ArtifactVersion))]
public sealed class UseArtifactCommand : SignedArtifactCmdlet
{
    private protected override void Process(PublishedVersion version)
    {
        CheckSignature(version);
        if (CurrentRun.Id is { } run && ShouldProcess(version.Reference, $"Record as an input of {run}"))
            Await(token => new RunLinks(version.Store).AddInputAsync(run, version, token));
        WriteVersion(version);
    }
}
