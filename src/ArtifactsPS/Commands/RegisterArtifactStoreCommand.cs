using System.Management.Automation;
using ArtifactsPS.Catalogs;
using ArtifactsPS.Stores;

namespace ArtifactsPS.Commands;

/// <summary>
/// Gives a store a name, by which all commands of this user know it from then on. A store that had the name before is
/// forgotten, and otherwise left as it is.
/// </summary>
/// <example>
/// <code>Register-ArtifactStore team ./store -Default</code>
/// From now on, commands use this store where none is named.
/// </example>
/// <example>
/// <code>
/// Register-ArtifactStore archive ./archive
/// Get-Artifact -Store archive
/// </code>
/// Names a second store, and looks into it.
/// </example>
/// <example>
/// <code>Register-ArtifactStore cloud az://account/container/models -Option @{ partSize = 16 } -Default</code>
/// Names a store in a container of Azure Blob Storage. Who you are to it is found in the environment, or by <c>az login</c>.
/// </example>
/// <seealso cref="NewArtifactStoreCommand"/>
/// <seealso cref="UnregisterArtifactStoreCommand"/>
[Cmdlet(VerbsLifecycle.Register, "ArtifactStore", SupportsShouldProcess = true)]
[OutputType(typeof(ArtifactStore))]
public sealed class RegisterArtifactStoreCommand : StorePlaceCmdlet
{
    /// <summary>At most 64 letters, digits, underscores, dashes and dots.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string Name { get; set; } = "";

    /// <summary>Where the store is: a folder's path, <c>s3://bucket/prefix</c> or
    /// <c>az://account/container/prefix</c>. There must be a store.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string Location { get; set; } = "";

    /// <summary>Makes it the store that commands use when none is named.</summary>
    [Parameter]
    public SwitchParameter Default { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => ForItem(Name, Register);

    private void Register()
    {
        if (!StoreRegistry.IsName(Name))
            throw new InvalidStoreNameException(Name);
        var location = LocationOf(Location);
        var found = Await(async token =>
            await VersionStore.OpenAsync(Stores.OpenObjects(location, NetworkCredential), token).ConfigureAwait(false)
        ).Location;
        if (!ShouldProcess(found, Default ? $"Register as {Name}, the default" : $"Register as {Name}"))
            return;
        RememberCredential(found);
        Registry.Add(new RegisteredStore(Name, found), Default);
        WriteObject(Inspect(Name, found));
    }
}
