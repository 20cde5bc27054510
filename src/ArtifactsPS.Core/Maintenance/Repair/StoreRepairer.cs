using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Content.Blobs;
using ArtifactsPS.Core.Maintenance.Checking;
using ArtifactsPS.Core.Maintenance.Cleanup;
using ArtifactsPS.Core.Reachability;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Maintenance.Repair;

/// <summary>
/// Makes room for what is lost to be stored anew. What is whole of a damaged object is stored elsewhere, and the versions
/// that need it say so from then on; then the object is moved aside, so that adding the files again and publishing
/// stores what was not. What is derived is deleted.
/// </summary>
/// <param name="store">The store.</param>
/// <param name="checker">Has checked it.</param>
public sealed class StoreRepairer(IObjectStore store, StoreChecker checker)
{
    /// <summary>Whether there is something to do here about a problem.</summary>
    public static bool CanRepair(StoreProblem problem) =>
        problem.Kind
            is StoreProblemKind.StoreRecordMissing
                or StoreProblemKind.StoreRecordDamaged
                or StoreProblemKind.CheckpointDamaged
                or StoreProblemKind.CheckpointWrong
        || IsAboutObject(problem);

    /// <summary>Repairs what can be.</summary>
    /// <param name="problems">Some of those that the checker found.</param>
    /// <param name="runId">The run that does it.</param>
    /// <param name="cancellationToken">Stops the call; calling it again goes on.</param>
    /// <returns>The keys of damaged objects that stay where they are, since contributions need what is whole of them.</returns>
    public async Task<IReadOnlyList<string>> RepairAsync(
        IReadOnlyList<StoreProblem> problems,
        string? runId,
        CancellationToken cancellationToken
    )
    {
        // The store's record goes first: the others can't be seen to without it.
        foreach (var problem in problems.Where(problem => CanRepair(problem) && !IsAboutObject(problem)))
            await store.DeleteAsync(problem.Key, cancellationToken).ConfigureAwait(false);
        var versions = await VersionStore.CreateAsync(store, cancellationToken).ConfigureAwait(false);

        var damaged = problems
            .Where(IsAboutObject)
            .Select(problem => StoreLayout.ObjectDigest(problem.Key)!.Value)
            .Distinct()
            .ToList();
        await ContentRelocation
            .LeaveAsync(versions, checker.Graph, checker.Pages, new HashSet<Digest>(damaged), runId, cancellationToken)
            .ConfigureAwait(false);
        var stay = new List<string>();
        foreach (var digest in damaged)
            if (IsNeededByContributions(digest))
                stay.Add(StoreLayout.ObjectKey(digest));
            else
                await DamagedObjects.MoveAsideAsync(store, digest, cancellationToken).ConfigureAwait(false);
        return stay;
    }

    private static bool IsAboutObject(StoreProblem problem) =>
        problem.Kind
            is StoreProblemKind.ObjectMissing
                or StoreProblemKind.ObjectTruncated
                or StoreProblemKind.ObjectDamaged
                or StoreProblemKind.PageDamaged
                or StoreProblemKind.ChunkListDamaged;

    // What they need is named in their records, which stay as they are.
    private bool IsNeededByContributions(Digest digest) =>
        checker.Graph.Objects.TryGetValue(digest, out var use)
        && use.StoredLength is not null
        && use.Owners.Concat(PageGraph.OwnersAbove(use.Pages.Concat(use.Namers)))
            .Any(owner => owner is ContributionTree);
}
