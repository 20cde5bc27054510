using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Concurrency;
using ArtifactsPS.Core.Content.Blobs;
using ArtifactsPS.Core.Maintenance.Checking;
using ArtifactsPS.Core.Maintenance.Cleanup;
using ArtifactsPS.Core.Reachability;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Maintenance.Repair;

/// <summary>
/// Prepares a store for storing lost content again. The intact content of a damaged object is copied to new objects, and
/// the versions that need it are relocated. Then the object is moved aside, so that adding the files again and
/// publishing stores the lost content. Damaged derived data is deleted, and the index
/// is rebuilt. Logs are completed with older values of their keys, where the service keeps them.
/// </summary>
/// <param name="checker">A checker that has checked the store.</param>
/// <param name="progress">Counts the damaged objects that are read, and their bytes.</param>
public sealed class StoreRepairer(IObjectStore store, StoreChecker checker, TransferProgress progress)
{
    /// <summary>Whether a problem can be repaired.</summary>
    public static bool CanRepair(StoreProblem problem) =>
        problem.Kind
            is StoreProblemKind.StoreRecordMissing
                or StoreProblemKind.StoreRecordDamaged
                or StoreProblemKind.CheckpointDamaged
                or StoreProblemKind.CheckpointWrong
                or StoreProblemKind.IndexDamaged
                or StoreProblemKind.InventoryDamaged
                or StoreProblemKind.OlderTransactionNeeded
        || IsAboutObject(problem);

    /// <summary>Repairs the problems that can be repaired.</summary>
    /// <param name="problems">Problems that the checker found.</param>
    /// <returns>Keys that were not repaired: damaged objects whose intact content contributions need. After a log was completed, all
    /// others, because its versions were unknown to the checker.</returns>
    public async Task<IReadOnlyList<string>> RepairAsync(
        IReadOnlyList<StoreProblem> problems,
        RunId? runId,
        CancellationToken cancellationToken
    )
    {
        if (await CompleteLogsAsync(problems, cancellationToken).ConfigureAwait(false))
            return
            [
                .. problems
                    .Where(problem => problem.Kind != StoreProblemKind.OlderTransactionNeeded)
                    .Select(problem => problem.Key),
            ];
        // The record of the store is repaired first: the other repairs need it.
        foreach (var problem in problems.Where(problem => CanRepair(problem) && !IsAboutObject(problem)))
            if (problem.Key != StoreLayout.Index)
                await store.DeleteAsync(problem.Key, cancellationToken).ConfigureAwait(false);
        var versions = await VersionStore.CreateAsync(store, cancellationToken).ConfigureAwait(false);

        var damaged = problems
            .Where(IsAboutObject)
            .Select(problem => StoreLayout.ObjectDigest(problem.Key)!.Value)
            .Distinct()
            .ToList();
        await ContentRelocation
            .LeaveAsync(versions, checker.Graph, new HashSet<Digest>(damaged), progress, runId, cancellationToken)
            .ConfigureAwait(false);
        var unmoved = new List<string>();
        foreach (var digest in damaged)
            if (IsNeededByContributions(digest))
                unmoved.Add(StoreLayout.ObjectKey(digest));
            else
                await DamagedObjects.MoveAsideAsync(store, digest, cancellationToken).ConfigureAwait(false);
        // Last: it records where the content lies now.
        if (problems.Any(problem => problem.Kind == StoreProblemKind.IndexDamaged))
            await IndexRebuild.RunAsync(store, cancellationToken).ConfigureAwait(false);
        return unmoved;
    }

    // Returns whether any log was completed.
    private async Task<bool> CompleteLogsAsync(
        IReadOnlyList<StoreProblem> problems,
        CancellationToken cancellationToken
    )
    {
        var artifacts = problems
            .Where(problem => problem.Kind == StoreProblemKind.OlderTransactionNeeded)
            .Select(problem => StoreLayout.LogKeyOwner(problem.Key))
            .OfType<ArtifactKey>()
            .Distinct()
            .ToList();
        foreach (var artifact in artifacts)
        {
            var keys = await ArtifactKeys.ListAsync(store, artifact, cancellationToken).ConfigureAwait(false);
            var last = problems.Max(problem =>
                StoreLayout.Transaction(problem.Key) is { } found && found.Artifact == artifact ? found.Number : 0
            );
            var older = await new OlderTransactions(store, artifact)
                .FindAsync(keys.Log, last, cancellationToken)
                .ConfigureAwait(false);
            foreach (var (key, value) in older)
                await ((IVersionedStore)store.WithoutCache())
                    .ReplaceAsync(key, value, cancellationToken)
                    .ConfigureAwait(false);
        }
        return artifacts.Count > 0;
    }

    private static bool IsAboutObject(StoreProblem problem) =>
        problem.Kind
            is StoreProblemKind.ObjectMissing
                or StoreProblemKind.ObjectTruncated
                or StoreProblemKind.ObjectDamaged
                or StoreProblemKind.PageDamaged
                or StoreProblemKind.ChunkListDamaged;

    // Records of contributions contain locations and are never rewritten.
    private bool IsNeededByContributions(Digest digest) =>
        checker.Graph.Objects.TryGetValue(digest, out var use)
        && use.StoredLength is not null
        && use.Owners.Concat(PageGraph.OwnersOf(use.Pages.Concat(use.ReferencingPages)))
            .Any(owner => owner is ContributionTree);
}
