using System.Collections.Concurrent;
using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Records;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Maintenance.Checking;

/// <summary>
/// Compares catalogs with other records that name published versions: links of runs, and distributed versions. They show that
/// the last transactions of an artifact are missing, which its log alone can't show. Safe for concurrent callers.
/// </summary>
internal sealed class PublishedVersionsCheck(IObjectStore store, StoreProblems problems)
{
    private readonly ConcurrentDictionary<ArtifactKey, int> _nextVersions = new();
    private readonly ConcurrentDictionary<ArtifactKey, bool> _reported = new();

    // Names that belong to artifacts with other keys.
    private readonly ConcurrentDictionary<ArtifactKey, ArtifactKey> _claims = new();

    /// <summary>Adds the catalog of an artifact.</summary>
    /// <param name="isBroken">Whether transactions are known to be missing or damaged, and are reported already.</param>
    public void Add(CatalogState state, bool isBroken)
    {
        _nextVersions[state.Key] = isBroken ? int.MaxValue : state.NextVersion;
        if (state.LeadsTo is { } owner)
            _claims[state.Key] = owner;
    }

    /// <summary>Checks that the transactions of the artifact to which a name leads include a version, live or deleted.</summary>
    /// <param name="evidence">Clause that says how the version is known, such as <c>a run names it</c>.</param>
    public async Task CheckAsync(
        ArtifactKey artifact,
        int version,
        string evidence,
        CancellationToken cancellationToken
    )
    {
        if (_claims.TryGetValue(artifact, out var owner))
            artifact = owner;
        if (_nextVersions.TryGetValue(artifact, out var next) && version < next || _reported.ContainsKey(artifact))
            return;
        // It may have been published since the transactions were read.
        CatalogState now;
        try
        {
            now = await new Catalog(store, artifact.FirstName).ReadAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is ObjectCorruptException or LogIncompleteException)
        {
            return;
        }
        if (version < now.NextVersion || !_reported.TryAdd(artifact, true))
            return;
        problems.Add(
            StoreProblemKind.TransactionMissing,
            StoreLayout.NumberedKey(StoreLayout.LogFolder(now.Key), now.LastTransaction + 1),
            $"The last transactions of '{now.Name}' are missing: v{version} was published, since {evidence}, but the log does "
                + "not contain it.",
            $"Restore this key and all later ones from a copy of the store. Do not publish to '{now.Name}' before."
        );
    }
}
