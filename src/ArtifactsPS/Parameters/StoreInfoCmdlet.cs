using ArtifactsPS.Catalogs;
using ArtifactsPS.Stores;

namespace ArtifactsPS;

/// <summary>A command on stores as such.</summary>
public abstract class StoreInfoCmdlet : StoreClientCmdlet
{
    private protected StoreRegistry Registry { get; } = StoreRegistry.OfUser();

    /// <summary>Opens the store at a location.</summary>
    /// <param name="name">The name it is registered by; null if it isn't.</param>
    /// <param name="location">The location.</param>
    /// <param name="count">Whether to count what is in it, for which all its keys are listed.</param>
    /// <exception cref="StoreNotFoundException">There is none.</exception>
    private protected ArtifactStore Inspect(string? name, string location, bool count) =>
        Await(async token =>
        {
            var store = await Stores.OpenAtAsync(location, token).ConfigureAwait(false);
            return Describe(name, store, count ? await store.MeasureAsync(token).ConfigureAwait(false) : null);
        });

    /// <summary>What a user is shown of a store.</summary>
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
        };
}
