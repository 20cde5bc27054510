using System.Management.Automation;
using ArtifactsPS.Binding;
using ArtifactsPS.Commands.Runs;
using ArtifactsPS.Completion;
using ArtifactsPS.Core.Distributed;
using ArtifactsPS.Core.Drafts;
using ArtifactsPS.Core.Values;
using ArtifactsPS.Output;

namespace ArtifactsPS.Commands.Distributed;

[Cmdlet(VerbsLifecycle.Complete, "DistributedArtifact", DefaultParameterSetName = ByName, SupportsShouldProcess = true)]
[OutputType(typeof(ArtifactVersion))]
public sealed class CompleteDistributedArtifactCommand : StoreCmdlet
{
    private const string ByName = "Name";
    private const string ByDraft = "Artifact";

    [Parameter(Mandatory = true, ParameterSetName = ByDraft, ValueFromPipeline = true)]
    [ValidateNotNull]
    public Artifact Artifact { get; set; } = null!;

    [Parameter(Mandatory = true, Position = 0, ParameterSetName = ByName)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ReferenceCompleter))]
    [NameArgumentTransformation]
    public string Name { get; set; } = "";

    [Parameter(Position = 1, ParameterSetName = ByName)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(TypeCompleter))]
    public string? Type { get; set; }

    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(DistributedIdCompleter))]
    [NameArgumentTransformation]
    public string? DistributedId { get; set; }

    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Contributor { get; set; }

    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(AliasCompleter))]
    public string[] Alias { get; set; } = [];

    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(TagCompleter))]
    public string[] Tag { get; set; } = [];

    [Parameter]
    public ConflictAction ConflictAction { get; set; }

    [Parameter(ParameterSetName = ByDraft)]
    public SwitchParameter AllowIncomplete { get; set; }

    [Parameter(ParameterSetName = ByDraft)]
    public SwitchParameter AllowEmpty { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => ForItem(ParameterSetName == ByDraft ? Artifact : Name, Complete);

    private void Complete()
    {
        var draft = ParameterSetName == ByDraft ? Artifact.ApplyMetadata() : null;
        var id = DistributedIdArgument.Resolve(DistributedId);
        var log = new DistributedLog(draft?.Store ?? OpenStore(), draft?.Name ?? ArtifactName.Parse(Name), id);
        if (!AllowIncomplete)
            draft?.CheckIsComplete();
        if (!AllowEmpty)
            draft?.CheckIsNotEmpty(orRemoves: true);
        var options = new CompletionOptions
        {
            Draft = draft,
            Contributor = ContributorName.Resolve(Contributor),
            Type = Type is null ? null : TypeName.Parse(Type),
            Aliases = [.. Alias.Select(AliasName.Parse)],
            Tags = [.. Tag.Select(TagName.Parse)],
            OnConflict = ConflictAction,
            RunId = CurrentRun.Id,
        };
        var completer = new DistributedCompleter(log, options);
        if (!ShouldProcess(log.Name.ToString(), $"Complete {id}"))
        {
            if (IsWhatIf)
                Await(completer.CheckAsync);
            return;
        }
        var version = Await(completer.CompleteAsync);
        WriteVersion(version);
    }
}
