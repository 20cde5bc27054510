using ArtifactsPS.Catalogs;
using ArtifactsPS.Stores;

namespace ArtifactsPS;

/// <summary>A command on stores as such.</summary>
public abstract class StoreInfoCmdlet : StoreClientCmdlet
{
    private protected StoreRegistry Registry { get; } = StoreRegistry.OfUser();

    /// <summary>Opens the store at a location and counts what is in it.</summary>
    /// <exception cref="StoreNotFoundException">There is none.</exception>
    private protected ArtifactStore Inspect(string? name, string location) =>
        Await(async token =>
            await InspectAsync(name, await Stores.OpenAtAsync(location, token).ConfigureAwait(false), token)
                .ConfigureAwait(false)
        );

    /// <summary>Counts what is in a store.</summary>
    private protected async Task<ArtifactStore> InspectAsync(string? name, VersionStore store, CancellationToken token)
    {
        var (artifacts, objects, bytes) = await store.MeasureAsync(token).ConfigureAwait(false);
        return new ArtifactStore
        {
            Name = name,
            Location = store.Location,
            Id = store.Id,
            IsDefault = Stores.IsDefault(store.Location),
            Artifacts = artifacts,
            Objects = objects,
            Bytes = bytes,
        };
    }
}
