using System.Collections;
using System.Management.Automation;
using ArtifactsPS.Catalogs;
using ArtifactsPS.Completion;

namespace ArtifactsPS.Commands;

/// <summary>Begins a draft without entries.</summary>
/// <example>
/// <code>New-Artifact mnist dataset | Add-ArtifactDirectory ./data | Publish-Artifact</code>
/// Publishes a folder's files as the next version of <c>mnist</c>.
/// </example>
/// <example>
/// <code>
/// $draft = New-Artifact resnet model -Description 'Trained on mnist:v1' -Metadata @{ epochs = 30; accuracy = 0.987 }
/// Add-ArtifactFile ./model/weights.bin -Artifact $draft
/// Publish-Artifact $draft -Alias best
/// </code>
/// Puts a draft together step by step. It is in memory until it is published.
/// </example>
/// <seealso cref="AddArtifactFileCommand"/>
/// <seealso cref="AddArtifactDirectoryCommand"/>
/// <seealso cref="PublishArtifactCommand"/>
/// <seealso cref="NewArtifactDraftCommand"/>
[Cmdlet(VerbsCommon.New, "Artifact")]
[OutputType(typeof(Artifact))]
public sealed class NewArtifactCommand : StoreCmdlet
{
    /// <summary>At most 128 letters, digits, underscores, dashes and dots. Case is kept, and doesn't tell names apart.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string Name { get; set; } = "";

    /// <summary>What kind of thing it is, for example <c>dataset</c> or <c>model</c>: the same for all versions of a name.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(TypeCompleter))]
    public string Type { get; set; } = "";

    /// <summary>What it is, in words.</summary>
    [Parameter]
    public string? Description { get; set; }

    /// <summary>Plain values: text, numbers, booleans, dates, lists, hashtables. Others are an error.</summary>
    [Parameter]
    public IDictionary? Metadata { get; set; }

    /// <summary>Labels for the version. Other versions can have the same.</summary>
    [Parameter]
    public string[] Tag { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord() =>
        ForItem(
            Name,
            () =>
            {
                var metadata = Metadata is null ? null : MetadataConverter.ToJson(Metadata);
                var draft = ArtifactDraft.Begin(OpenStore(), Name, Type, Tag);
                draft.Description = Description;
                draft.Metadata = metadata;
                WriteObject(new Artifact(draft));
            }
        );
}
