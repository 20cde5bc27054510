using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Storage.Kinds;
using ArtifactsPS.Output;

namespace ArtifactsPS.Commands.Stores;

/// <summary>Base of cmdlets that manage stores.</summary>
public abstract class StoreInfoCmdlet : StoreClientCmdlet
{
    private protected StoreRegistry Registry { get; } = StoreRegistry.OfUser();

    /// <summary>Opens the store at a location.</summary>
    /// <param name="name">Name of the registration; null if the store isn't registered.</param>
    /// <param name="count">Whether to count its artifacts, objects and bytes, which lists all keys.</param>
    /// <exception cref="StoreNotFoundException">There is no store at the location.</exception>
    private protected ArtifactStore Inspect(string? name, string location, bool count)
    {
        ProvideCredential(location);
        return Await(async token =>
        {
            var store = await Stores.OpenAtAsync(location, token).ConfigureAwait(false);
            return await DescribeAsync(name, store, count, token).ConfigureAwait(false);
        });
    }

    /// <summary>Whether a store is counted by default. Listing all keys of a bucket can take minutes.</summary>
    private protected static bool IsFastToCount(string location) => !StoreLocation.IsUri(location);

    /// <summary>Creates the output object of a store.</summary>
    private protected async Task<ArtifactStore> DescribeAsync(
        string? name,
        VersionStore store,
        bool count,
        CancellationToken cancellationToken
    )
    {
        var size = count ? await store.MeasureAsync(cancellationToken).ConfigureAwait(false) : null;
        return Describe(name, store, size);
    }

    /// <summary>Creates the output object of a store.</summary>
    /// <param name="size">Null if the store was not counted.</param>
    private protected ArtifactStore Describe(string? name, VersionStore store, StoreSize? size) =>
        new()
        {
            Name = name,
            Location = store.Location,
            Id = store.Id,
            IsDefault = Stores.IsDefault(store.Location),
            Artifacts = size?.Artifacts,
            Objects = size?.Objects,
            Bytes = size?.Bytes,
            VersionBytes = size?.VersionBytes,
            Compression = store.Compression,
        };
}
