using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Drive;

/// <summary>
/// Cache of the catalogs that drives of a store have shown. PowerShell requests each path several times for one command. So a
/// state is used again for a second, unless this process has committed anything since. Later reads only fetch new transactions.
/// </summary>
internal sealed class KnownCatalogs
{
    /// <summary>Time in which changes of other processes may not be visible.</summary>
    private static readonly TimeSpan CurrentFor = TimeSpan.FromSeconds(1);

    private static readonly ConditionalWeakTable<VersionStore, KnownCatalogs> OfStores = new();

    private readonly ConcurrentDictionary<ArtifactName, KnownState> _states = new();

    private KnownCatalogs(VersionStore store) => Store = store;

    public VersionStore Store { get; }

    /// <summary>Returns the cache of an open store.</summary>
    public static KnownCatalogs Of(VersionStore store) => OfStores.GetValue(store, _ => new KnownCatalogs(store));

    /// <summary>Reads the state of an artifact as of the last second.</summary>
    public async Task<CatalogState> ReadAsync(ArtifactName name, CancellationToken cancellationToken) =>
        _states.TryGetValue(name, out var known) && known.IsCurrent
            ? known.State
            : await ReadAgainAsync(name, cancellationToken).ConfigureAwait(false);

    /// <summary>Reads the current state of an artifact.</summary>
    public async Task<CatalogState> ReadAgainAsync(ArtifactName name, CancellationToken cancellationToken)
    {
        var catalog = Store.OpenCatalog(name);
        // Before the read: what is committed meanwhile may not be part of it.
        var (commits, at) = (Catalog.CommitsOfProcess, TimeProvider.System.GetTimestamp());
        var state = _states.TryGetValue(name, out var known)
            ? await catalog.ReadAgainAsync(known.State, cancellationToken).ConfigureAwait(false)
            : await catalog.ReadAsync(cancellationToken).ConfigureAwait(false);
        // Missing artifacts aren't cached: there is no limit to their names.
        if (state.IsLive)
            _states[name] = new KnownState(state, commits, at);
        else
            _states.TryRemove(name, out _);
        return state;
    }

    /// <summary>Reads the states of all artifacts, sorted by name.</summary>
    public IAsyncEnumerable<CatalogState> ReadAllAsync(CancellationToken cancellationToken) =>
        Store.ReadCatalogsAsync(_ => true, name => ReadAsync(name, cancellationToken), cancellationToken);

    private sealed record KnownState(CatalogState State, long Commits, long At)
    {
        public bool IsCurrent =>
            Commits == Catalog.CommitsOfProcess && TimeProvider.System.GetElapsedTime(At) < CurrentFor;
    }
}
