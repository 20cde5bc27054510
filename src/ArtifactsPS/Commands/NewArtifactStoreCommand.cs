using System.Management.Automation;
using ArtifactsPS.Catalogs;
using ArtifactsPS.Stores;

namespace ArtifactsPS.Commands;

/// <summary>Makes an empty store; one that is there already is left as it is.</summary>
/// <example>
/// <code>New-ArtifactStore ./models</code>
/// Makes a store in a folder. A network share is a folder, too.
/// </example>
/// <example>
/// <code>New-ArtifactStore ./new | Register-ArtifactStore new -Default</code>
/// Makes a store that commands use from now on where none is named.
/// </example>
/// <seealso cref="RegisterArtifactStoreCommand"/>
/// <seealso cref="GetArtifactStoreCommand"/>
[Cmdlet(VerbsCommon.New, "ArtifactStore", SupportsShouldProcess = true)]
[OutputType(typeof(ArtifactStore))]
public sealed class NewArtifactStoreCommand : StoreInfoCmdlet
{
    /// <summary>A folder's path, or a URI. The folder is made if it isn't there.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    public string Location { get; set; } = "";

    /// <inheritdoc/>
    protected override void ProcessRecord() => ForItem(Location, Make);

    private void Make()
    {
        var location = Stores.LocationOf(Location);
        if (File.Exists(location))
            throw new StoreUnavailableException(location, "a file is there. Give the path of a folder.");
        if (!ShouldProcess(location, "Make an artifact store"))
            return;
        WriteObject(
            Await(async token =>
            {
                var store = await VersionStore.CreateAsync(StoreLocation.Open(location), token).ConfigureAwait(false);
                return await InspectAsync(name: null, store, token).ConfigureAwait(false);
            })
        );
    }
}
