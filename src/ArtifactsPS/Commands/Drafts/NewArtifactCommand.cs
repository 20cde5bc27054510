using System.Collections;
using System.Management.Automation;
using ArtifactsPS.Binding;
using ArtifactsPS.Completion;
using ArtifactsPS.Core.Drafts;
using ArtifactsPS.Core.Values;
using ArtifactsPS.Output;

namespace ArtifactsPS.Commands.Drafts;

[Cmdlet(VerbsCommon.New, "Artifact")]
[OutputType(typeof(Artifact))]
public sealed class NewArtifactCommand : StoreCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [NameArgumentTransformation]
    public string Name { get; set; } = "";

    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(TypeCompleter))]
    public string? Type { get; set; }

    [Parameter]
    public string? Description { get; set; }

    [Parameter]
    [MetadataArgumentTransformation]
    public IDictionary? Metadata { get; set; }

    [Parameter]
    [ArgumentCompleter(typeof(TagCompleter))]
    public string[] Tag { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord() =>
        ForItem(
            Name,
            () =>
            {
                var metadata = Metadata is null ? null : MetadataConverter.ToJson(Metadata);
                var name = ArtifactName.Parse(Name);
                var type = Type is null ? Await(token => OpenStore().FindTypeAsync(name, token)) : TypeName.Parse(Type);
                var draft = ArtifactDraft.Begin(OpenStore(), name, type, [.. Tag.Select(TagName.Parse)]);
                draft.Description = Description;
                draft.Metadata = metadata;
                WriteObject(new Artifact(draft));
            }
        );
}
