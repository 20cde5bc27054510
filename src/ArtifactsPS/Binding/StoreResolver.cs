using System.Collections.Concurrent;
using System.Management.Automation;
using System.Net;
using ArtifactsPS.Core.Attestations;
using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Storage.Caching;
using ArtifactsPS.Core.Storage.Kinds;
using ArtifactsPS.Core.Values;
using ArtifactsPS.Output;

namespace ArtifactsPS.Binding;

/// <summary>Finds and opens the store of a command: by name, by location, or the default.</summary>
/// <param name="paths">Resolves relative paths and paths on drives of the session.</param>
/// <param name="timeLimit">Time without progress after which a request to a remote store fails; null for the default.</param>
/// <param name="retryLimit">Time for which unanswered requests are sent again; null for the store's option.</param>
internal sealed class StoreResolver(PathIntrinsics paths, TimeSpan? timeLimit = null, TimeSpan? retryLimit = null)
{
    // Open stores cache recently read manifest pages for later commands.
    private static readonly ConcurrentDictionary<string, (VersionStore Store, IObjectStore Objects)> Open = new(
        StringComparer.Ordinal
    );

    private readonly StoreRegistry _registry = StoreRegistry.OfUser();

    // Read once for all versions that a command takes from the pipeline.
    private IReadOnlyList<RegisteredStore>? _registered;

    /// <summary>Opens a store.</summary>
    /// <param name="nameOrLocation">Null for the default.</param>
    /// <exception cref="StoreNotFoundException">There is no store at the location.</exception>
    public async Task<VersionStore> OpenAsync(string? nameOrLocation, CancellationToken cancellationToken)
    {
        nameOrLocation = ItemPath.StoreIn(nameOrLocation);
        var (location, createIfMissing) = Locate(nameOrLocation);
        try
        {
            return await OpenAtAsync(location, createIfMissing, cancellationToken).ConfigureAwait(false);
        }
        catch (StoreNotFoundException e)
            when (nameOrLocation is { } name && StoreRegistry.IsName(name) && _registry.Find(name) is null)
        {
            var nearest = NearestName.Find(name, _registry.List().Select(store => store.Name));
            throw StoreNotFoundException.OfName(name, location, nearest, e);
        }
    }

    /// <summary>The location of a name, path or URI; for null, the location of the default store.</summary>
    public string LocationOf(string? nameOrLocation) => Locate(ItemPath.StoreIn(nameOrLocation)).Location;

    /// <summary>Returns the registration of a name, a location, or for null the default; null if there is none.</summary>
    public RegisteredStore? RegistrationOf(string? nameOrLocation) => Registration(ItemPath.StoreIn(nameOrLocation));

    /// <summary>Opens the store at a full location.</summary>
    /// <exception cref="StoreNotFoundException">There is no store.</exception>
    public Task<VersionStore> OpenAtAsync(string location, CancellationToken cancellationToken) =>
        OpenAtAsync(location, createIfMissing: false, cancellationToken);

    /// <summary>Opens the keys and bytes at a full location, whether or not it has a store.</summary>
    /// <param name="credential">Credential for a remote store; null for the known credential.</param>
    public IObjectStore OpenObjects(string location, NetworkCredential? credential = null) =>
        StoreLocation.Open(location, AccessWith(credential));

    /// <summary>Whether a location is that of the default store.</summary>
    public bool IsDefault(string location) => string.Equals(LocationOf(null), location, StringComparison.Ordinal);

    private RegisteredStore? Registration(string? nameOrLocation) =>
        nameOrLocation is null
            ? _registry.DefaultName is { } name
                ? _registry.Find(name)
                : null
            : StoreLocation.IsUri(nameOrLocation)
                ? (_registered ??= _registry.List()).FirstOrDefault(store =>
                    store.Location == FullLocation(nameOrLocation)
                )
                : _registry.Find(nameOrLocation);

    private (string Location, bool CreateIfMissing) Locate(string? nameOrLocation)
    {
        if (nameOrLocation is not null)
            return (FullLocation(nameOrLocation), false);
        if (_registry.DefaultName is { } name && _registry.Find(name) is { } registered)
            return (registered.Location, false);
        if (Environment.GetEnvironmentVariable(StoreRegistry.StoreVariable) is { Length: > 0 } location)
            return (FullLocation(location), false);
        return (StoreRegistry.DefaultFolder, true);
    }

    private string FullLocation(string nameOrLocation) =>
        _registry.Find(nameOrLocation)?.Location
        ?? (
            StoreLocation.IsUri(nameOrLocation)
                ? StoreAddress.Parse(nameOrLocation).ToString()
                : TrimSeparator(FileSystemPath.Resolve(paths, nameOrLocation))
        );

    // A store has one location, with or without a trailing separator.
    private static string TrimSeparator(string path) =>
        path.Length > Path.GetPathRoot(path)!.Length
            ? path.TrimEnd(Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar)
            : path;

    // For a store that stays open after this command.
    private static Task<VersionStore> OpenOtherAsync(StorePlace place, CancellationToken cancellationToken) =>
        OpenAtAsync(
            StoreRegistry.OfUser().LocationOf(place, Open.ContainsKey),
            new StoreAccess(),
            createIfMissing: false,
            cancellationToken
        );

    private Task<VersionStore> OpenAtAsync(
        string location,
        bool createIfMissing,
        CancellationToken cancellationToken
    ) => OpenAtAsync(location, AccessWith(null), createIfMissing, cancellationToken);

    private StoreAccess AccessWith(NetworkCredential? credential) =>
        new()
        {
            Credential = credential,
            TimeLimit = timeLimit,
            RetryLimit = retryLimit,
        };

    private static async Task<VersionStore> OpenAtAsync(
        string location,
        StoreAccess access,
        bool createIfMissing,
        CancellationToken cancellationToken
    )
    {
        var direct = StoreLocation.Open(location, access);
        var objects = direct is IRemoteStore ? LocalCache.Over(direct) : direct;
        var opened = createIfMissing
            ? await VersionStore.CreateAsync(objects, cancellationToken).ConfigureAwait(false)
            : await VersionStore.OpenAsync(objects, cancellationToken).ConfigureAwait(false);
        var store = opened.WithOtherStores(OpenOtherAsync).WithAttestations(plain => new VersionAttestations(plain));
        // Since the last use, the store may have been replaced, or the credential may have changed.
        return Open.AddOrUpdate(location, (store, direct), (_, known) => IsSame(known) ? known : (store, direct)).Store;

        bool IsSame((VersionStore Store, IObjectStore Objects) known) =>
            known.Store.Id == store.Id && (known.Objects == direct || !StoreLocation.IsUri(location));
    }
}
