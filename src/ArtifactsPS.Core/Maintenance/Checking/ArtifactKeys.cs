using ArtifactsPS.Core.Runs;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Maintenance.Checking;

/// <summary>Listed keys of an artifact.</summary>
internal sealed class ArtifactKeys
{
    public NumberedKeys Log { get; } = new();

    public NumberedKeys Checkpoints { get; } = new();

    /// <summary>Logs of distributed versions, by distributed id.</summary>
    public Dictionary<DistributedId, NumberedKeys> Contributions { get; } = [];

    /// <summary>Links between versions and runs.</summary>
    public List<string> RunLinks { get; } = [];

    /// <summary>Signatures and evidence of versions.</summary>
    public List<string> Attestations { get; } = [];

    /// <summary>Keys that the module never writes.</summary>
    public List<string> Unexpected { get; } = [];

    /// <summary>Lists all keys of an artifact.</summary>
    public static Task<ArtifactKeys> ListAsync(
        IObjectStore store,
        ArtifactKey artifact,
        CancellationToken cancellationToken
    ) => ListAsync(store, artifact, StoreLayout.ArtifactFolder(artifact), cancellationToken);

    /// <summary>Lists the logs of distributed versions.</summary>
    public static async Task<Dictionary<DistributedId, NumberedKeys>> ListContributionsAsync(
        IObjectStore store,
        ArtifactKey artifact,
        CancellationToken cancellationToken
    ) =>
        (
            await ListAsync(store, artifact, StoreLayout.DistributedFolder(artifact), cancellationToken)
                .ConfigureAwait(false)
        ).Contributions;

    private static async Task<ArtifactKeys> ListAsync(
        IObjectStore store,
        ArtifactKey artifact,
        string below,
        CancellationToken cancellationToken
    )
    {
        var keys = new ArtifactKeys();
        var folder = StoreLayout.ArtifactFolder(artifact);
        await foreach (var key in store.ListAsync(below, cancellationToken).ConfigureAwait(false))
            if (!keys.TryAdd(key.Key, key.Key.Substring(folder.Length).Split('/')))
                keys.Unexpected.Add(key.Key);
        return keys;
    }

    private bool TryAdd(string key, string[] segments)
    {
        switch (segments)
        {
            case [StoreLayout.LogName, _]:
                return Log.TryAdd(key);
            case [StoreLayout.CheckpointsName, _]:
                return StoreLayout.RecordNumber(key) is not null && Checkpoints.TryAdd(key);
            case [StoreLayout.VersionPagesName, _]:
                return StoreLayout.VersionPageDigest(key) is not null;
            case [StoreLayout.DistributedName, var folder, StoreLayout.LogName, _]:
                if (!DistributedId.TryParseKey(folder, out var id))
                    return false;
                if (!Contributions.TryGetValue(id, out var log))
                    Contributions.Add(id, log = new NumberedKeys());
                return log.TryAdd(key);
            case [StoreLayout.AttestationsName, _, _] when StoreLayout.AttestationDigest(key) is not null:
                Attestations.Add(key);
                return true;
            case [StoreLayout.RunLinksName, _, "inputs" or "outputs", _]:
                RunLinks.Add(key);
                return true;
            default:
                return false;
        }
    }
}
