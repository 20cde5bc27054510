using System.Management.Automation;
using ArtifactsPS.Binding;
using ArtifactsPS.Completion;
using ArtifactsPS.Core.Storage.Kinds;

namespace ArtifactsPS.Commands.Stores;

[Cmdlet(VerbsLifecycle.Unregister, "ArtifactStore", SupportsShouldProcess = true)]
public sealed class UnregisterArtifactStoreCommand : AsyncPSCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(StoreCompleter))]
    [NameArgumentTransformation]
    public string[] Name { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var name in Name)
            ForItem(
                name,
                () =>
                {
                    if (ShouldProcess(name, "Forget the artifact store"))
                        StoreRegistry.OfUser().Remove(name);
                }
            );
    }
}
