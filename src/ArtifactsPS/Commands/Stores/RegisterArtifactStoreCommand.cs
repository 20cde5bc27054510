using System.Management.Automation;
using ArtifactsPS.Binding;
using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Storage.Kinds;
using ArtifactsPS.Output;

namespace ArtifactsPS.Commands.Stores;

[Cmdlet(VerbsLifecycle.Register, "ArtifactStore", SupportsShouldProcess = true)]
[OutputType(typeof(ArtifactStore))]
public sealed class RegisterArtifactStoreCommand : StorePlaceCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [NameArgumentTransformation]
    public string Name { get; set; } = "";

    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string? Location { get; set; }

    [Parameter]
    [ValidatePattern("^([^/]+/)?[^/]+$")]
    public string? CredentialSecret { get; set; }

    [Parameter]
    public SwitchParameter Default { get; set; }

    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => ForItem(Name, Register);

    private void Register()
    {
        if (!StoreRegistry.IsName(Name))
            throw new InvalidStoreNameException(Name);
        var location = Location is null
            ? Registry.Find(Name)?.Location ?? throw new StoreNotRegisteredException(Name)
            : LocationOf(Location);
        var secret = CredentialSecret ?? (Location is null ? Registry.Find(Name)?.CredentialSecret : null);
        if (secret is not null && !StoreLocation.IsUri(location))
            throw new InvalidStoreLocationException(location, "a folder takes no -CredentialSecret");
        var store = new RegisteredStore(Name, location) { CredentialSecret = secret };
        if (!Force)
            Registry.CheckMayAdd(store);
        var credential =
            NetworkCredential ?? (secret is null ? null : Binding.CredentialSecret.Read(secret, InvokeCommand));
        var found = Await(token => VersionStore.OpenAsync(Stores.OpenObjects(location, credential), token));
        if (!ShouldProcess(found.Location, Default ? $"Register as {Name}, the default" : $"Register as {Name}"))
            return;
        Await(token => ProbeAsync(found.Objects, token));
        if (credential is not null)
            StoreLocation.Remember(found.Location, credential);
        Registry.Add(store with { Location = found.Location, Id = found.Id }, Default);
        WriteObject(Await(token => DescribeAsync(Name, found, IsFastToCount(found.Location), token)));
    }

    // A service that was safe when the store was created may have been set up differently since.
    private static async Task ProbeAsync(IObjectStore objects, CancellationToken cancellationToken)
    {
        try
        {
            if (objects is IProbedStore probed)
                await probed.ProbeAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (StoreUnavailableException)
        {
            // A user who may only read can't harm the store.
        }
    }
}
