using System.Management.Automation;
using ArtifactsPS.Catalogs;

namespace ArtifactsPS;

/// <summary>A command on artifacts, in the store that is named or the default.</summary>
public abstract class StoreCmdlet : AsyncPSCmdlet
{
    private StoreResolver? _stores;
    private VersionStore? _opened;

    /// <summary>A registered store's name, or a location: a path, or a URI.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Store { get; set; }

    private protected StoreResolver Stores => _stores ??= new StoreResolver(SessionState);

    /// <summary>Opens the store that <see cref="Store"/> names, or the default.</summary>
    private protected VersionStore OpenStore() =>
        _opened ??= Await(token => Stores.OpenAsync(Store, token));

    /// <summary>Opens the store at a location, as output objects name it.</summary>
    private protected VersionStore OpenStoreAt(string location) => Await(token => Stores.OpenAsync(location, token));
}
