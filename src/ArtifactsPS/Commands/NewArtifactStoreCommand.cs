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
/// <example>
/// <code>New-ArtifactStore s3://bucket/models -Option @{ endpoint = 'https://minio.example'; region = 'eu-1' } -Credential (Get-Credential)</code>
/// Makes a store in a bucket of a server of your own, after trying whether it keeps who was first.
/// </example>
/// <seealso cref="RegisterArtifactStoreCommand"/>
/// <seealso cref="GetArtifactStoreCommand"/>
[Cmdlet(VerbsCommon.New, "ArtifactStore", SupportsShouldProcess = true)]
[OutputType(typeof(ArtifactStore))]
public sealed class NewArtifactStoreCommand : StorePlaceCmdlet
{
    /// <summary>A folder's path, <c>s3://bucket/prefix</c> or <c>az://account/container/prefix</c>. A folder is made if it isn't
    /// there; a bucket or container must be.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    public string Location { get; set; } = "";

    /// <inheritdoc/>
    protected override void ProcessRecord() => ForItem(Location, Make);

    private void Make()
    {
        var location = LocationOf(Location);
        if (File.Exists(location))
            throw new StoreUnavailableException(location, "a file is there. Give the path of a folder.");
        if (!ShouldProcess(location, "Make an artifact store"))
            return;
        WriteObject(
            Await(async token =>
            {
                var objects = Stores.OpenObjects(location, NetworkCredential);
                var store = await VersionStore.CreateAsync(objects, token).ConfigureAwait(false);
                RememberCredential(location);
                return await InspectAsync(name: null, store, token).ConfigureAwait(false);
            })
        );
    }
}
