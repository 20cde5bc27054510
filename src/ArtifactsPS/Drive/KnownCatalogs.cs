using System.Collections.Concurrent;
using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Drive;

/// <summary>
/// Cache of the catalogs that a drive has shown. PowerShell requests each path several times. A catalog is read once;
/// later reads only fetch new transactions, so that the drive is always current.
/// </summary>
internal sealed class KnownCatalogs(VersionStore store)
{
    private readonly ConcurrentDictionary<ArtifactName, CatalogState> _states = new();

    public VersionStore Store => store;

    /// <summary>Reads the current state of an artifact.</summary>
    public async Task<CatalogState> ReadAsync(ArtifactName name, CancellationToken cancellationToken)
    {
        var catalog = store.OpenCatalog(name);
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
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        await foreach (var state in store.ReadCatalogsAsync(_ => true, cancellationToken).ConfigureAwait(false))
        {
            _states[state.Name] = state;
            yield return state;
        }
    }
}
