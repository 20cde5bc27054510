using System.Collections.Concurrent;
using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Concurrency;
using ArtifactsPS.Core.Reachability;
using ArtifactsPS.Core.Runs;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Maintenance.Checking;

/// <summary>Reads all transactions of all artifacts, and all contributions, and adds the trees that are live to a graph.</summary>
/// <param name="store">The store.</param>
/// <param name="graph">Gets the trees.</param>
/// <param name="problems">Told of what can't be read.</param>
internal sealed class ArtifactScan(IObjectStore store, PageGraph graph, StoreProblems problems)
{
    /// <summary>What the artifacts' transactions come to.</summary>
    public ConcurrentBag<CatalogState> States { get; } = [];

    /// <summary>Whether a version's tree is left out of the graph.</summary>
    public Func<CatalogState, VersionRecord, bool> LeavesOut { get; init; } = (_, _) => false;

    /// <summary>Whether the links between runs and versions are checked, too.</summary>
    public bool ChecksRunLinks { get; init; }

    /// <summary>Reads all.</summary>
    public async Task ReadAsync(CancellationToken cancellationToken)
    {
        using var reading = new WorkQueue<string>(ReadAsync, cancellationToken);
        await foreach (
            var name in store.ListFoldersAsync(StoreLayout.Artifacts, cancellationToken).ConfigureAwait(false)
        )
            if (Names.FaultOfKey(name) is { } fault)
                problems.AddUnexpectedFolder(
                    StoreLayout.Artifacts + name,
                    $"'{name}' can't be the name of an artifact: {fault}."
                );
            else if (Names.KeyOf(name) != name)
                problems.AddUnexpectedFolder(
                    StoreLayout.Artifacts + name,
                    $"'{name}' is not in lower case, so the artifact is found on some systems only."
                );
            else
                await reading.AddAsync(name).ConfigureAwait(false);
        await reading.CompleteAsync().ConfigureAwait(false);
    }

    private async Task ReadAsync(string name, CancellationToken cancellationToken)
    {
        // The contributions before the transactions: where one isn't needed any more, since the version was published, the
        // transactions that are read after it tell of the version.
        var before = await ArtifactKeys.ListContributionsAsync(store, name, cancellationToken).ConfigureAwait(false);
        var completed = await ReadContributionsAsync(name, before, cancellationToken).ConfigureAwait(false);
        var keys = await ArtifactKeys.ListAsync(store, name, cancellationToken).ConfigureAwait(false);
        foreach (var key in keys.Unexpected)
            problems.AddUnexpected(key, $"Nothing of '{name}' has such a name.");
        var catalog = await ReadTransactionsAsync(name, keys, cancellationToken).ConfigureAwait(false);
        foreach (var (id, version) in completed)
            await catalog.CheckHasPublishedAsync(version, id, cancellationToken).ConfigureAwait(false);
        // And those that have come meanwhile: the version that one begins from may have been deleted after it came and
        // before the transactions were read.
        var after = await ArtifactKeys.ListContributionsAsync(store, name, cancellationToken).ConfigureAwait(false);
        foreach (var known in before)
            if (after.TryGetValue(known.Key, out var now) && now.Numbers.SetEquals(known.Value.Numbers))
                after.Remove(known.Key);
        await ReadContributionsAsync(name, after, cancellationToken).ConfigureAwait(false);

        var runs = new RunCheck(store, problems);
        foreach (var link in ChecksRunLinks ? keys.RunLinks : [])
            await runs.CheckLinkAsync(link, cancellationToken).ConfigureAwait(false);
    }

    private async Task<CatalogCheck> ReadTransactionsAsync(
        string name,
        ArtifactKeys keys,
        CancellationToken cancellationToken
    )
    {
        var catalog = new CatalogCheck(store, name, problems);
        await catalog.CheckAsync(keys, cancellationToken).ConfigureAwait(false);
        States.Add(catalog.State);
        foreach (var record in catalog.Versions)
            if (!LeavesOut(catalog.State, record))
                graph.AddTree(new VersionTree(catalog.State.Name, record.Number), record.Root);
        return catalog;
    }

    // Returns the ids of those that were completed, and the versions they became.
    private async Task<List<(string Id, int Version)>> ReadContributionsAsync(
        string name,
        SortedDictionary<string, NumberedKeys> logs,
        CancellationToken cancellationToken
    )
    {
        var completed = new List<(string, int)>();
        foreach (var log in logs)
        {
            var check = new DistributedLogCheck(store, name, log.Key, graph, problems);
            if (await check.CheckAsync(log.Value, cancellationToken).ConfigureAwait(false) is { } version)
                completed.Add((log.Key, version));
        }
        return completed;
    }
}
