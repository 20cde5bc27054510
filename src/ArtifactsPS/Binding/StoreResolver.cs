using System.Collections.Concurrent;
using System.Management.Automation;
using System.Net;
using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Storage.Caching;
using ArtifactsPS.Core.Storage.Kinds;

namespace ArtifactsPS.Binding;

/// <summary>Finds the store that a command means: by name or location, or else the default.</summary>
/// <param name="paths">Resolves relative paths and drives.</param>
/// <param name="timeLimit">For so long a service may leave a request without progress; null for the default.</param>
internal sealed class StoreResolver(PathIntrinsics paths, TimeSpan? timeLimit = null)
{
    // Open stores keep the manifest pages that were read last, for the commands that follow.
    private static readonly ConcurrentDictionary<string, (VersionStore Store, IObjectStore Reached)> Open = new(
        StringComparer.Ordinal
    );

    private readonly StoreRegistry _registry = StoreRegistry.OfUser();

    /// <summary>Opens a store.</summary>
    /// <param name="nameOrLocation">Null for the default.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <exception cref="StoreNotFoundException">There is no store at the location.</exception>
    public Task<VersionStore> OpenAsync(string? nameOrLocation, CancellationToken cancellationToken)
    {
        var (location, makeIt) = Locate(nameOrLocation);
        return OpenAtAsync(location, makeIt, cancellationToken);
    }

    /// <summary>The location that a name, a path or a URI means; the default's for null.</summary>
    public string LocationOf(string? nameOrLocation) => Locate(nameOrLocation).Location;

    /// <summary>Opens what is at a location that is known in full.</summary>
    /// <exception cref="StoreNotFoundException">There is no store.</exception>
    public Task<VersionStore> OpenAtAsync(string location, CancellationToken cancellationToken) =>
        OpenAtAsync(location, makeIt: false, cancellationToken);

    /// <summary>Opens the keys and bytes at a location that is known in full, be there a store or not.</summary>
    /// <param name="location">The location.</param>
    /// <param name="credential">Who the user is to a service; null for what is known already.</param>
    public IObjectStore OpenObjects(string location, NetworkCredential? credential = null) =>
        StoreLocation.Open(location, timeLimit, credential);

    /// <summary>Whether a store's location is what the default is.</summary>
    public bool IsDefault(string location) => string.Equals(LocationOf(null), location, StringComparison.Ordinal);

    private (string Location, bool MakeIt) Locate(string? nameOrLocation)
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

    // The same store has the same location, however it is written.
    private static string TrimSeparator(string path) =>
        path.Length > Path.GetPathRoot(path)!.Length
            ? path.TrimEnd(Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar)
            : path;

    private async Task<VersionStore> OpenAtAsync(string location, bool makeIt, CancellationToken cancellationToken)
    {
        var reached = OpenObjects(location);
        var objects = StoreLocation.IsUri(location) ? LocalCache.Over(reached) : reached;
        var store = makeIt
            ? await VersionStore.CreateAsync(objects, cancellationToken).ConfigureAwait(false)
            : await VersionStore.OpenAsync(objects, cancellationToken).ConfigureAwait(false);
        // Another store may have come to the same place since, or the user may be another one to the service.
        return Open.AddOrUpdate(
            location,
            (store, reached),
            (_, known) => IsSame(known) ? known : (store, reached)
        ).Store;

        bool IsSame((VersionStore Store, IObjectStore Reached) known) =>
            known.Store.Id == store.Id && (known.Reached == reached || !StoreLocation.IsUri(location));
    }
}
