using System.Management.Automation;
using ArtifactsPS.Binding;
using ArtifactsPS.Commands.Runs;
using ArtifactsPS.Completion;
using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Values;
using ArtifactsPS.Output;

namespace ArtifactsPS.Commands.Artifacts;

[Cmdlet(VerbsCommon.Rename, "Artifact", SupportsShouldProcess = true)]
[OutputType(typeof(ArtifactVersion))]
public sealed class RenameArtifactCommand : StoreCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    [ArtifactArgumentTransformation]
    [ArgumentCompleter(typeof(ReferenceCompleter))]
    public ArtifactArgument Name { get; set; } = null!;

    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNullOrEmpty]
    public string NewName { get; set; } = "";

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => ForItem(Name.Item, Rename);

    private void Rename()
    {
        CheckIsPublished(Name);
        var name = ArtifactReference.Parse(Name.Text).Name;
        var newName = ArtifactName.Parse(NewName);
        var store = OpenStoreOf(Name);
        if (!ShouldProcess(name.ToString(), $"Rename to {newName}"))
        {
            if (IsWhatIf)
                Await(token => ArtifactRenamer.CheckAsync(store, name, newName, token));
            return;
        }
        var run = CurrentRun.Id;
        var state = Await(token => ArtifactRenamer.RenameAsync(store, name, newName, run, token));
        if (!PassThru)
            return;
        var latest = ArtifactReference.Parse(state.Name.ToString());
        WriteVersion(Await(token => store.FindAsync(state, latest, token)));
    }
}
