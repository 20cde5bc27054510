using System.Management.Automation;
using ArtifactsPS.Binding;
using ArtifactsPS.Commands.Runs;
using ArtifactsPS.Completion;
using ArtifactsPS.Core.Distributed;
using ArtifactsPS.Core.Drafts;
using ArtifactsPS.Output;

namespace ArtifactsPS.Commands.Distributed;

[Cmdlet(VerbsCommon.Set, "DistributedArtifact", SupportsShouldProcess = true)]
[OutputType(typeof(DistributedContribution))]
public sealed class SetDistributedArtifactCommand : AsyncPSCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ValidateNotNull]
    public Artifact Artifact { get; set; } = null!;

    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(DistributedIdCompleter))]
    [NameArgumentTransformation]
    public string? DistributedId { get; set; }

    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Contributor { get; set; }

    [Parameter]
    public SwitchParameter AllowIncomplete { get; set; }

    [Parameter]
    public SwitchParameter AllowEmpty { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => ForItem(Artifact, Contribute);

    private void Contribute()
    {
        var draft = Artifact.ApplyMetadata();
        var id = DistributedIdArgument.Resolve(DistributedId);
        var contributor = ContributorName.Resolve(Contributor);
        if (!AllowIncomplete)
            draft.CheckIsComplete();
        if (!AllowEmpty)
            draft.CheckIsNotEmpty(orRemoves: true);
        if (
            !ShouldProcess(
                $"{draft.Name} ({draft.FileCount} files, {ByteSize.Format(draft.Size)})",
                $"Contribute under {id}"
            )
        )
            return;
        var run = CurrentRun.Id;
        var contribution = Await(token => DraftContributor.ContributeAsync(draft, id, contributor, run, token));
        WriteObject(new DistributedContribution(new DistributedLog(draft.Store, draft.Name, id), contribution));
    }
}
