using System.Management.Automation;
using ArtifactsPS.Catalogs;

namespace ArtifactsPS.Commands;

/// <summary>
/// Begins a draft as a published version: its entries, type, description and metadata. None of its files is needed.
/// </summary>
[Cmdlet(VerbsCommon.New, "ArtifactDraft")]
[OutputType(typeof(Artifact))]
public sealed class NewArtifactDraftCommand : ArtifactCmdlet
{
    private protected override void Process(PublishedVersion version) =>
        WriteObject(new Artifact(ArtifactDraft.From(version)));
}
