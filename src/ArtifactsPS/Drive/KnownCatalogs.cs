using System.Collections.Concurrent;
using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Drive;

/// <summary>
/// The artifacts that a drive has shown. PowerShell asks several times for each path that it is given; what an artifact
/// consists of is read once, and afterwards only whether anything has happened to it, so that nothing stale is shown.
/// </summary>
internal sealed class KnownCatalogs(VersionStore store)
{
    private readonly ConcurrentDictionary<string, CatalogState> _states = new(StringComparer.Ordinal);

    public VersionStore Store => store;

    /// <summary>An artifact as it is now.</summary>
    /// <exception cref="InvalidArtifactNameException">It can't be the name of one.</exception>
    public async Task<CatalogState> ReadAsync(string name, CancellationToken cancellationToken)
    {
        var catalog = store.OpenCatalog(name);
        var key = Names.KeyOf(name);
        var state = _states.TryGetValue(key, out var known)
            ? await catalog.ReadAgainAsync(known, cancellationToken).ConfigureAwait(false)
            : await catalog.ReadAsync(cancellationToken).ConfigureAwait(false);
        // What isn't there may be asked for by any name.
        if (state.IsLive)
            _states[key] = state;
        else
            _states.TryRemove(key, out _);
        return state;
    }

    /// <summary>All artifacts as they are now, sorted by name.</summary>
    public async IAsyncEnumerable<CatalogState> ReadAllAsync(
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        await foreach (var state in store.ReadCatalogsAsync(_ => true, cancellationToken).ConfigureAwait(false))
        {
            _states[Names.KeyOf(state.Name)] = state;
            yield return state;
        }
    }
}
