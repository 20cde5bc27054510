using System.Management.Automation;
using ArtifactsPS.Binding;
using ArtifactsPS.Commands.Runs;
using ArtifactsPS.Completion;
using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Drafts;
using ArtifactsPS.Core.Publishing;
using ArtifactsPS.Core.Runs;
using ArtifactsPS.Core.Values;
using ArtifactsPS.Output;

namespace ArtifactsPS.Commands.Drafts;

[Cmdlet(VerbsData.Publish, "Artifact", SupportsShouldProcess = true)]
[OutputType(typeof(ArtifactVersion))]
public sealed class PublishArtifactCommand : AsyncPSCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ValidateNotNull]
    [DraftArgumentTransformation]
    public Artifact Artifact { get; set; } = null!;

    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(AliasCompleter))]
    public string[] Alias { get; set; } = [];

    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(TagCompleter))]
    public string[] Tag { get; set; } = [];

    [Parameter]
    public SwitchParameter AllowIncomplete { get; set; }

    [Parameter]
    public SwitchParameter AllowEmpty { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => ForItem(Artifact, Publish);

    private void Publish()
    {
        var draft = Artifact.ApplyMetadata();
        List<AliasName> aliases = [.. Alias.Select(AliasName.Parse)];
        List<TagName> tags = [.. Tag.Select(TagName.Parse)];
        if (!AllowIncomplete)
            draft.CheckIsComplete();
        if (!AllowEmpty)
            draft.CheckIsNotEmpty(orRemoves: false);
        if (!ShouldProcess($"{draft.Name} ({draft.FileCount} files, {ByteSize.Format(draft.Size)})", "Publish"))
            return;
        var run = CurrentRun.Id;
        var version = Await(token => Publisher.PublishAsync(draft, aliases, tags, run, token));
        if (version.Deduplicated)
            WriteVerbose($"'{version.Reference}' has this content already: there is no new version.");
        if (version.Deduplicated && !version.Record.HasDetails(draft.Description, draft.Metadata))
            WriteWarning(
                $"'{version.Reference}' has this content already: the description and metadata given were not saved. "
                    + $"Set-Artifact '{version.Reference}' changes them."
            );
        WriteObject(new ArtifactVersion(version));
    }
}
