using System.Diagnostics;
using ArtifactsPS.Core.Concurrency;
using ArtifactsPS.Core.Content.Blobs;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Maintenance.Cleanup;

/// <summary>
/// Deletes objects that nothing needs, beside others who publish. <see cref="ObjectProtection"/> says why nothing is deleted that
/// anyone commits to.
/// </summary>
/// <param name="store">The store.</param>
/// <param name="needed">What was needed when candidates were chosen.</param>
/// <param name="gracePeriod">An object that was created or touched within it stays.</param>
/// <param name="progress">Counts objects and bytes.</param>
internal sealed class GarbageCollector(
    IObjectStore store,
    LiveObjects needed,
    TimeSpan gracePeriod,
    TransferProgress progress
)
{
    private const int ObjectsPerAnnouncement = 1000;
    private const int AnnouncementsAtOnce = 100;

    /// <summary>Deletes those of the candidates that still nothing needs and nobody has touched.</summary>
    /// <param name="candidates">Their names, and lengths in bytes.</param>
    /// <param name="deleted">Told of each that was deleted; by several threads.</param>
    /// <param name="cancellationToken">Stops the call; what was deleted stays so.</param>
    /// <exception cref="CleanupRunningException">Another clean-up is at work.</exception>
    public async Task CollectAsync(
        IReadOnlyList<(Digest Digest, long Length)> candidates,
        Action<Digest, long> deleted,
        CancellationToken cancellationToken
    )
    {
        progress.Expect(candidates.Count, candidates.Sum(item => item.Length));
        for (var done = 0; done < candidates.Count; )
        {
            var some = candidates.Skip(done).Take(ObjectsPerAnnouncement * AnnouncementsAtOnce).ToList();
            var count = await CollectSomeAsync(some, deleted, cancellationToken).ConfigureAwait(false);
            done += count > 0 ? count : throw new CleanupTooSlowException(store.Location);
        }
    }

    // Returns how many were seen to before the time was over.
    private async Task<int> CollectSomeAsync(
        List<(Digest Digest, long Length)> candidates,
        Action<Digest, long> deleted,
        CancellationToken cancellationToken
    )
    {
        var clock = Stopwatch.StartNew();
        var announced = new Queue<(CleanupAnnouncement Announcement, List<(Digest Digest, long Length)> Objects)>();
        try
        {
            for (var start = 0; start < candidates.Count; start += ObjectsPerAnnouncement)
            {
                var objects = candidates.Skip(start).Take(ObjectsPerAnnouncement).ToList();
                var announcement = await CleanupAnnouncement
                    .CreateAsync(store, objects.Select(item => item.Digest), cancellationToken)
                    .ConfigureAwait(false);
                announced.Enqueue((announcement, objects));
            }
            var now = await CleanupAnnouncement
                .CheckAloneAsync(store, [.. announced.Select(item => item.Announcement)], cancellationToken)
                .ConfigureAwait(false);
            var old = await ListOldAsync(now - gracePeriod, cancellationToken).ConfigureAwait(false);
            await needed.ReadAsync((_, _) => false, cancellationToken).ConfigureAwait(false);

            var done = 0;
            while (announced.Count > 0 && clock.Elapsed < CleanupAnnouncement.Lifetime)
            {
                var (announcement, objects) = announced.Peek();
                done += await DeleteAsync(objects, old, clock, deleted, cancellationToken).ConfigureAwait(false);
                await announcement.RemoveAsync(cancellationToken).ConfigureAwait(false);
                announced.Dequeue();
            }
            return done;
        }
        finally
        {
            // Also when it is stopped: others would be kept waiting.
            await Task.WhenAll(announced.Select(item => item.Announcement.RemoveAsync(CancellationToken.None)))
                .ConfigureAwait(false);
        }
    }

    private async Task<HashSet<Digest>> ListOldAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        var old = new HashSet<Digest>();
        await foreach (var key in store.ListAsync(StoreLayout.Objects, cancellationToken).ConfigureAwait(false))
            if (key.LastModified <= before && StoreLayout.ObjectDigest(key.Key) is { } digest)
                old.Add(digest);
        return old;
    }

    private async Task<int> DeleteAsync(
        List<(Digest Digest, long Length)> objects,
        HashSet<Digest> old,
        Stopwatch clock,
        Action<Digest, long> deleted,
        CancellationToken cancellationToken
    )
    {
        var done = 0;
        using var deleting = new WorkQueue<(Digest Digest, long Length)>(DeleteOneAsync, cancellationToken);
        foreach (var item in objects)
            await deleting.AddAsync(item).ConfigureAwait(false);
        await deleting.CompleteAsync().ConfigureAwait(false);
        return done;

        async Task DeleteOneAsync((Digest Digest, long Length) item, CancellationToken token)
        {
            if (clock.Elapsed >= CleanupAnnouncement.Lifetime)
                return;
            Interlocked.Increment(ref done);
            progress.AddFile();
            progress.AddBytes(item.Length);
            if (
                old.Contains(item.Digest)
                && !needed.Contains(item.Digest)
                && await store.DeleteAsync(StoreLayout.ObjectKey(item.Digest), token).ConfigureAwait(false)
            )
                deleted(item.Digest, item.Length);
        }
    }
}
