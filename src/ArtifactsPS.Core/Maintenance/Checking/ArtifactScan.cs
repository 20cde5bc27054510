using System.Collections.Concurrent;
using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Concurrency;
using ArtifactsPS.Core.Reachability;
using ArtifactsPS.Core.Runs;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Maintenance.Checking;

/// <summary>Reads the transactions and contributions of all artifacts, and adds their live trees to a graph.</summary>
/// <param name="problems">Receives unreadable records.</param>
internal sealed class ArtifactScan(IObjectStore store, PageGraph graph, StoreProblems problems)
{
    private int _linkedElsewhere;

    /// <summary>States of the artifacts that were read.</summary>
    public ConcurrentBag<CatalogState> States { get; } = [];

    /// <summary>Live versions that link others, with the states of their collections.</summary>
    public ConcurrentBag<(CatalogState State, VersionRecord Record)> Links { get; } = [];

    /// <summary>Number of live versions whose content is in another store. They need no object here.</summary>
    public int LinkedElsewhere => _linkedElsewhere;

    /// <summary>Compares the catalogs with other records.</summary>
    public PublishedVersionsCheck Published { get; } = new(store, problems);

    /// <summary>Whether to exclude the tree of a version from the graph.</summary>
    public Func<CatalogState, VersionRecord, bool> Excludes { get; init; } = (_, _) => false;

    /// <summary>States that were read and checked before. Only the transactions after them are read.</summary>
    public IReadOnlyDictionary<ArtifactKey, CatalogState>? Earlier { get; init; }

    /// <summary>Whether to check the links between runs and versions.</summary>
    public bool ChecksRunLinks { get; init; }

    /// <summary>Checks signatures and evidence; null to leave them out.</summary>
    public AttestationCheck? Attestations { get; init; }

    /// <summary>Reads all artifacts.</summary>
    public async Task ReadAsync(CancellationToken cancellationToken)
    {
        using var reading = new WorkQueue<ArtifactKey>(ReadAsync, cancellationToken);
        await foreach (
            var folder in store.ListFoldersAsync(StoreLayout.Artifacts, cancellationToken).ConfigureAwait(false)
        )
            if (ArtifactKey.TryParse(folder, out var artifact))
                await reading.AddAsync(artifact).ConfigureAwait(false);
            else if (KeyName.Fault(folder) is { } fault)
                problems.AddUnexpectedFolder(
                    StoreLayout.Artifacts + folder,
                    $"Invalid artifact name '{folder}'. {fault}."
                );
            else
                problems.AddUnexpectedFolder(
                    StoreLayout.Artifacts + folder,
                    $"'{folder}' is not in lower case, so the artifact is found on some systems only."
                );
        await reading.CompleteAsync().ConfigureAwait(false);
    }

    private async Task ReadAsync(ArtifactKey artifact, CancellationToken cancellationToken)
    {
        // Contributions are read before transactions: if a version is published meanwhile, the transactions that are read
        // later include it.
        var before = await ArtifactKeys
            .ListContributionsAsync(store, artifact, cancellationToken)
            .ConfigureAwait(false);
        var completed = await ReadContributionsAsync(artifact, before, cancellationToken).ConfigureAwait(false);
        var keys = await ArtifactKeys.ListAsync(store, artifact, cancellationToken).ConfigureAwait(false);
        foreach (var key in keys.Unexpected)
            problems.AddUnexpected(key, $"The module writes no such key for '{artifact}'.");
        var state = await ReadTransactionsAsync(artifact, keys, cancellationToken).ConfigureAwait(false);
        foreach (var (id, version) in completed)
            await Published
                .CheckAsync(artifact, version, $"the contributions under '{id}' were completed", cancellationToken)
                .ConfigureAwait(false);
        foreach (var link in keys.RunLinks)
            if (StoreLayout.RunLinkVersion(link) is { } version)
                await Published
                    .CheckAsync(artifact, version, $"'{link}' names it", cancellationToken)
                    .ConfigureAwait(false);
        // New contributions are read too: their base may have been deleted after they were added and before the transactions
        // were read.
        var after = await ArtifactKeys.ListContributionsAsync(store, artifact, cancellationToken).ConfigureAwait(false);
        foreach (var known in before)
            if (after.TryGetValue(known.Key, out var now) && now.Numbers.SetEquals(known.Value.Numbers))
                after.Remove(known.Key);
        await ReadContributionsAsync(artifact, after, cancellationToken).ConfigureAwait(false);

        var runs = new RunCheck(store, Published, problems);
        foreach (var link in ChecksRunLinks ? keys.RunLinks : [])
            await runs.CheckLinkAsync(link, cancellationToken).ConfigureAwait(false);
        if (Attestations is not null)
            await Attestations.CheckAsync(state, keys.Attestations, Published, cancellationToken).ConfigureAwait(false);
    }

    private async Task<CatalogState> ReadTransactionsAsync(
        ArtifactKey artifact,
        ArtifactKeys keys,
        CancellationToken cancellationToken
    )
    {
        if (Earlier is not null && Earlier.TryGetValue(artifact, out var known))
        {
            await new Catalog(store, artifact).CatchUpAsync(known, cancellationToken).ConfigureAwait(false);
            Published.Add(known, isBroken: false);
            await AddAsync(known, known.ReadVersionsAsync(cancellationToken)).ConfigureAwait(false);
            return known;
        }
        var catalog = new CatalogCheck(store, artifact, problems);
        await catalog.CheckAsync(keys, cancellationToken).ConfigureAwait(false);
        Published.Add(catalog.State, catalog.IsBroken);
        await AddAsync(catalog.State, catalog.ReadVersionsAsync(cancellationToken)).ConfigureAwait(false);
        return catalog.State;
    }

    private async Task AddAsync(CatalogState state, IAsyncEnumerable<VersionRecord> versions)
    {
        States.Add(state);
        await foreach (var record in versions.ConfigureAwait(false))
        {
            if (record.Link is not null)
                Links.Add((state, record));
            if (record.StoredRoot is not { } root)
                Interlocked.Increment(ref _linkedElsewhere);
            else if (!Excludes(state, record))
                graph.AddTree(new VersionTree(state.Key, state.Name, record.Number), root);
        }
    }

    // Returns the ids and versions of completed logs.
    private async Task<List<(DistributedId Id, int Version)>> ReadContributionsAsync(
        ArtifactKey artifact,
        Dictionary<DistributedId, NumberedKeys> logs,
        CancellationToken cancellationToken
    )
    {
        var completed = new List<(DistributedId, int)>();
        foreach (var log in logs.OrderBy(log => log.Key.Key, StringComparer.Ordinal))
        {
            var check = new DistributedLogCheck(store, artifact, log.Key, graph, problems);
            if (await check.CheckAsync(log.Value, cancellationToken).ConfigureAwait(false) is { } version)
                completed.Add((log.Key, version));
        }
        return completed;
    }
}
