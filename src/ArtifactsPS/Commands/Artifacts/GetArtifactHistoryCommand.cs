using System.Management.Automation;
using ArtifactsPS.Binding;
using ArtifactsPS.Completion;
using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Values;
using ArtifactsPS.Output;

namespace ArtifactsPS.Commands.Artifacts;

[Cmdlet(VerbsCommon.Get, "ArtifactHistory")]
[OutputType(typeof(ArtifactTransaction))]
public sealed class GetArtifactHistoryCommand : StoreCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    [ArtifactArgumentTransformation]
    [ArgumentCompleter(typeof(ReferenceCompleter))]
    public ArtifactArgument Name { get; set; } = null!;

    /// <inheritdoc/>
    protected override void ProcessRecord() => ForItem(Name.Item, Write);

    private void Write()
    {
        var reference = ArtifactReference.Parse(Name.Text);
        var store = OpenStoreOf(Name);
        if (!reference.IsNameOnly)
            CheckIsPublished(Name);
        foreach (var transaction in Stream(token => ArtifactHistory.ReadAsync(store, reference, token)))
            WriteObject(new ArtifactTransaction(transaction, store.Location));
    }
}
