using System.Management.Automation;
using ArtifactsPS.Binding;
using ArtifactsPS.Commands.Runs;
using ArtifactsPS.Completion;
using ArtifactsPS.Core.Publishing;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Commands.Artifacts;

[Cmdlet(VerbsCommon.Remove, "ArtifactLink", SupportsShouldProcess = true)]
public sealed class RemoveArtifactLinkCommand : StoreCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    [ArtifactArgumentTransformation]
    [ArgumentCompleter(typeof(ReferenceCompleter))]
    public ArtifactArgument Name { get; set; } = null!;

    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => ForItem(Name.Item, Remove);

    private void Remove()
    {
        CheckIsPublished(Name);
        var reference = ArtifactReference.Parse(Name.Text);
        if (reference.IsNameOnly)
            throw new AmbiguousRemovalException(Name.Text);
        var store = OpenStoreOf(Name);
        var link = Await(token => VersionUnlinker.FindAsync(store, reference, token));
        if (!ShouldProcess(link.Reference, $"Remove the link to {link.Source.Reference}"))
        {
            if (IsWhatIf)
                Await(token => VersionUnlinker.CheckAsync(link, token));
            return;
        }
        var run = CurrentRun.Id;
        var failure = Await(token => VersionUnlinker.RemoveAsync(link, Force, run, token));
        WriteVerbose($"Removed {link.Reference}, a link to {link.Source.Reference}.");
        if (failure is not null)
            WriteWarning(
                $"'{link.Source.Reference}' still has the mark of the link, because its store can't be written: {failure} "
                    + "Run the command again when it can."
            );
    }
}
