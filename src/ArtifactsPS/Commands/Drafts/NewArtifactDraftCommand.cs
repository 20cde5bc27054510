using System.Management.Automation;
using ArtifactsPS.Commands.Artifacts;
using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Drafts;
using ArtifactsPS.Output;

namespace ArtifactsPS.Commands.Drafts;

[Cmdlet(VerbsCommon.New, "ArtifactDraft")]
[OutputType(typeof(Artifact))]
public sealed class NewArtifactDraftCommand : ArtifactCmdlet
{
    private protected override void Process(PublishedVersion version) =>
        WriteObject(new Artifact(ArtifactDraft.From(version)));
}
