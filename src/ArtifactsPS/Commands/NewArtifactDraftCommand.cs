using System.Management.Automation;
using ArtifactsPS.Catalogs;

namespace ArtifactsPS.Commands;

[Cmdlet(VerbsCommon.New, "ArtifactDraft")]
[OutputType(typeof(Artifact))]
public sealed class NewArtifactDraftCommand : ArtifactCmdlet
{
    private protected override void Process(PublishedVersion version) =>
        WriteObject(new Artifact(ArtifactDraft.From(version)));
}
