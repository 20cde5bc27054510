using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Storage.Kinds;
using ArtifactsPS.Output;

namespace ArtifactsPS.Commands.Stores;

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
            return await DescribeAsync(name, store, count, token).ConfigureAwait(false);
        });

    /// <summary>Whether what is in a store is counted unasked. To list all keys of a bucket can take minutes.</summary>
    private protected static bool IsSoonCounted(string location) => !StoreLocation.IsUri(location);

    /// <summary>What a user is shown of a store.</summary>
    private protected async Task<ArtifactStore> DescribeAsync(
        string? name,
        VersionStore store,
        bool count,
        CancellationToken cancellationToken
    )
    {
        var size =
            store.SizeWhenCreated ?? (count ? await store.MeasureAsync(cancellationToken).ConfigureAwait(false) : null);
        return new()
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
}
