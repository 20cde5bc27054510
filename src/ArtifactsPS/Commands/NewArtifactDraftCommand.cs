using System.Management.Automation;
using ArtifactsPS.Catalogs;

namespace ArtifactsPS.Commands;

/// <summary>
/// Begins a draft as a published version: its entries, type, description and metadata. None of its files is needed.
/// </summary>
/// <example>
/// <code>New-ArtifactDraft mnist:prod | Add-ArtifactFile ./data/labels.csv -Force | Publish-Artifact</code>
/// Publishes a version that differs from <c>mnist:prod</c> in one file.
/// </example>
/// <example>
/// <code>Get-Artifact mnist:v1 | New-ArtifactDraft | Remove-ArtifactEntry raw/ | Publish-Artifact -Alias small</code>
/// Publishes a version without the folder <c>raw</c>.
/// </example>
/// <seealso cref="NewArtifactCommand"/>
/// <seealso cref="RemoveArtifactEntryCommand"/>
/// <seealso cref="PublishArtifactCommand"/>
[Cmdlet(VerbsCommon.New, "ArtifactDraft")]
[OutputType(typeof(Artifact))]
public sealed class NewArtifactDraftCommand : ArtifactCmdlet
{
    private protected override void Process(PublishedVersion version) =>
        WriteObject(new Artifact(ArtifactDraft.From(version)));
}
