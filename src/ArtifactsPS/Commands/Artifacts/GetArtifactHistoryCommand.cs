using System.Management.Automation;
using ArtifactsPS.Binding;
using ArtifactsPS.Completion;
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
        // The history includes deleted versions.
        int? version = reference.IsNameOnly ? null : reference.Version ?? Find(Name).Record.Number;
        var (exists, any) = (false, false);
        foreach (var transaction in Stream(store.OpenCatalog(reference.Name).HistoryAsync))
        {
            exists = true;
            if (version is { } number && !transaction.Actions.Any(action => action.Concerns(number)))
                continue;
            any = true;
            WriteObject(new ArtifactTransaction(transaction, store.Location));
        }
        if (!exists)
            throw Await(token => store.NotFoundAsync(reference.Name, token));
        if (!any)
            throw new ArtifactVersionNotFoundException(reference.ToString(), reference.Name, store.Location);
    }
}
