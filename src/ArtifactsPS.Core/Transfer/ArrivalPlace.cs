using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Content.Blobs;
using ArtifactsPS.Core.Drafts;
using ArtifactsPS.Core.Manifests;
using ArtifactsPS.Core.Publishing;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Transfer;

/// <summary>The artifact of a store to which a version from elsewhere comes, as it was when that began.</summary>
internal sealed class ArrivalPlace
{
    private readonly VersionStore _store;

    private ArrivalPlace(VersionStore store, CatalogState state)
    {
        _store = store;
        State = state;
        Held = new ObjectProtection(store.Objects);
        Newest = state.Newest is { } newest ? new PublishedVersion(store, state, newest) : null;
        Known = new ExistingContent(store, Newest is null ? [] : [Newest]);
    }

    public CatalogState State { get; }

    /// <summary>The live version of the highest number, whose content and pages need not be brought; null for none.</summary>
    public PublishedVersion? Newest { get; }

    /// <summary>What <see cref="Newest"/> holds.</summary>
    public ExistingContent Known { get; }

    /// <summary>What was stored for the version, or found there.</summary>
    public ObjectProtection Held { get; }

    /// <summary>Looks whether an artifact can take a version of a type.</summary>
    /// <exception cref="ArtifactTypeMismatchException">It is of another type.</exception>
    public static async Task<ArrivalPlace> FindAsync(
        VersionStore store,
        string name,
        string type,
        CancellationToken cancellationToken
    )
    {
        var state = await store.OpenCatalog(name).ReadAsync(cancellationToken).ConfigureAwait(false);
        return state.Type is not { } actual || Names.Comparer.Equals(actual, type)
            ? new ArrivalPlace(store, state)
            : throw new ArtifactTypeMismatchException(state.Name, actual, type);
    }

    /// <summary>Makes sure that what a tree needs is still there when it is published; all of it is in the store.</summary>
    /// <param name="root">The tree.</param>
    /// <param name="current">What the transaction that publishes it follows.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    public async Task KeepReusedAsync(PageReference root, CatalogState current, CancellationToken cancellationToken)
    {
        // Content of a live version can't be cleaned up before the transaction that is about to follow.
        if (Newest?.IsAsItWas(current) == false)
            Held.AddNamed(await ReusedContent.ObjectsOfAsync(_store, root, cancellationToken).ConfigureAwait(false));
        await Held.HoldAsync(cancellationToken).ConfigureAwait(false);
    }
}
