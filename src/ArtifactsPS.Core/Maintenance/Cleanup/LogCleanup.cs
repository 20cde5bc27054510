using ArtifactsPS.Core.Records;
using ArtifactsPS.Core.Storage;

namespace ArtifactsPS.Core.Maintenance.Cleanup;

/// <summary>Compacts the logs of all artifacts, of distributed versions, and of the rules for aliases.</summary>
internal sealed class LogCleanup(IObjectStore store)
{
    private readonly List<(string Folder, LogCompaction Plan)> _plans = [];

    /// <summary>Finds the records to compact. Costs a listing of all logs, and another one of each long log.</summary>
    /// <param name="before">Time of the store's clock. The single records of older segments are deleted.</param>
    /// <param name="planned">Receives the keys of the segments to write, and of the records to delete.</param>
    public async Task PlanAsync(DateTimeOffset before, StoreCleanup planned, CancellationToken cancellationToken)
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var prefix in new[] { StoreLayout.Artifacts, StoreLayout.RuleLogFolder })
        await foreach (var key in store.ListAsync(prefix, cancellationToken).ConfigureAwait(false))
        {
            var folder = key.Key.Substring(0, key.Key.LastIndexOf('/') + 1);
            if (StoreLayout.IsLogFolder(folder))
                counts[folder] = counts.TryGetValue(folder, out var count) ? count + 1 : 1;
        }
        foreach (var log in counts.Where(log => log.Value >= LogSegment.Length))
        {
            var compactor = new LogCompactor(store, log.Key);
            var plan = await compactor.PlanAsync(before, cancellationToken).ConfigureAwait(false);
            Add(planned, log.Key, plan);
            _plans.Add((log.Key, plan));
        }
    }

    /// <summary>Compacts the planned records.</summary>
    public async Task CompactAsync(StoreCleanup done, CancellationToken cancellationToken)
    {
        foreach (var (folder, plan) in _plans)
            Add(
                done,
                folder,
                await new LogCompactor(store, folder).CompactAsync(plan, cancellationToken).ConfigureAwait(false)
            );
    }

    private static void Add(StoreCleanup cleanup, string folder, LogCompaction compaction)
    {
        foreach (var index in compaction.Segments)
            cleanup.Add(StoreLayout.LogSegmentKey(folder, index), 0);
        foreach (var key in compaction.Obsolete)
            cleanup.Add(key.Key, key.Length);
    }
}
