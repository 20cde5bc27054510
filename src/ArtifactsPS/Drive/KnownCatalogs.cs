using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Drive;

/// <summary>
/// Cache of the catalogs that drives of a store have shown. PowerShell requests each path several times. A catalog is read once;
/// later reads only fetch new transactions, so that the drive is always current.
/// </summary>
internal sealed class KnownCatalogs
{
    private static readonly ConditionalWeakTable<VersionStore, KnownCatalogs> OfStores = new();

    private readonly ConcurrentDictionary<ArtifactName, CatalogState> _states = new();

    private KnownCatalogs(VersionStore store) => Store = store;

    public VersionStore Store { get; }

    /// <summary>Returns the cache of an open store.</summary>
    public static KnownCatalogs Of(VersionStore store) => OfStores.GetValue(store, _ => new KnownCatalogs(store));

    /// <summary>Reads the current state of an artifact.</summary>
    public async Task<CatalogState> ReadAsync(ArtifactName name, CancellationToken cancellationToken)
    {
        var catalog = Store.OpenCatalog(name);
        var state = _states.TryGetValue(name, out var known)
            ? await catalog.ReadAgainAsync(known, cancellationToken).ConfigureAwait(false)
            : await catalog.ReadAsync(cancellationToken).ConfigureAwait(false);
        // Missing artifacts aren't cached: there is no limit to their names.
        if (state.IsLive)
            _states[name] = state;
        else
            _states.TryRemove(name, out _);
        return state;
    }

    /// <summary>Reads the current state of all artifacts, sorted by name.</summary>
    public async IAsyncEnumerable<CatalogState> ReadAllAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        await foreach (var state in Store.ReadCatalogsAsync(_ => true, cancellationToken).ConfigureAwait(false))
        {
            _states[state.Name] = state;
            yield return state;
        }
    }
}
