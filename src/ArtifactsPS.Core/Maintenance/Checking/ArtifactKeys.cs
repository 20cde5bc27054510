using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Runs;
using ArtifactsPS.Core.Storage;

namespace ArtifactsPS.Core.Maintenance.Checking;

/// <summary>The keys of one artifact, from one listing.</summary>
internal sealed class ArtifactKeys
{
    private ArtifactKeys(string folder)
    {
        Log = new NumberedKeys(folder + "log/");
        Checkpoints = new NumberedKeys(CatalogCheckpoint.FolderOf(folder));
    }

    public NumberedKeys Log { get; }

    public NumberedKeys Checkpoints { get; }

    /// <summary>The logs of versions that several writers make, by their ids.</summary>
    public SortedDictionary<string, NumberedKeys> Contributions { get; } = new(StringComparer.Ordinal);

    /// <summary>The keys that link versions to runs.</summary>
    public List<string> RunLinks { get; } = [];

    /// <summary>The keys that nothing of this module writes.</summary>
    public List<string> Unexpected { get; } = [];

    /// <summary>Lists all.</summary>
    public static Task<ArtifactKeys> ListAsync(IObjectStore store, string name, CancellationToken cancellationToken) =>
        ListAsync(store, Catalog.FolderOf(name), "", cancellationToken);

    /// <summary>Lists the logs of versions that several writers make.</summary>
    public static async Task<SortedDictionary<string, NumberedKeys>> ListContributionsAsync(
        IObjectStore store,
        string name,
        CancellationToken cancellationToken
    ) =>
        (
            await ListAsync(store, Catalog.FolderOf(name), "distributed/", cancellationToken).ConfigureAwait(false)
        ).Contributions;

    private static async Task<ArtifactKeys> ListAsync(
        IObjectStore store,
        string folder,
        string below,
        CancellationToken cancellationToken
    )
    {
        var keys = new ArtifactKeys(folder);
        await foreach (var key in store.ListAsync(folder + below, cancellationToken).ConfigureAwait(false))
            if (!keys.TryAdd(key.Key, key.Key.Substring(folder.Length).Split('/')))
                keys.Unexpected.Add(key.Key);
        return keys;
    }

    private bool TryAdd(string key, string[] segments)
    {
        switch (segments)
        {
            case ["log", _]:
                return Log.TryAdd(key);
            case ["checkpoints", _]:
                return Checkpoints.TryAdd(key);
            case ["distributed", var id, "log", var name]:
                if (!Contributions.TryGetValue(id, out var log))
                    Contributions.Add(id, log = new NumberedKeys(key.Substring(0, key.Length - name.Length)));
                return log.TryAdd(key);
            case ["runs", _, "inputs" or "outputs", _]:
                RunLinks.Add(key);
                return true;
            default:
                return false;
        }
    }
}
