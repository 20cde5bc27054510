using System.Management.Automation;
using ArtifactsPS.Catalogs;
using ArtifactsPS.Stores;

namespace ArtifactsPS.Commands;

/// <summary>Makes an empty store; one that is there already is left as it is.</summary>
[Cmdlet(VerbsCommon.New, "ArtifactStore", SupportsShouldProcess = true)]
[OutputType(typeof(ArtifactStore))]
public sealed class NewArtifactStoreCommand : AsyncPSCmdlet
{
    /// <summary>A folder's path, or a URI.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    public string Location { get; set; } = "";

    /// <inheritdoc/>
    protected override void ProcessRecord() =>
        ForItem(
            Location,
            () =>
            {
                var stores = new StoreResolver(SessionState);
                var location = stores.LocationOf(Location);
                if (!ShouldProcess(location, "Make an artifact store"))
                    return;
                var store = Await(token => VersionStore.CreateAsync(StoreLocation.Open(location), token));
                WriteObject(
                    new ArtifactStore
                    {
                        Location = store.Location,
                        Id = store.Id,
                        IsDefault = stores.IsDefault(store.Location),
                        Artifacts = 0,
                        Objects = 0,
                        Bytes = 0,
                    }
                );
            }
        );
}
