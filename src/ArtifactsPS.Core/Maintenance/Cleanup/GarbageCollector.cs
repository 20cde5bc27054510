using System.Diagnostics;
using ArtifactsPS.Core.Concurrency;
using ArtifactsPS.Core.Content.Blobs;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Maintenance.Cleanup;

/// <summary>
/// Deletes unneeded objects while other processes may publish. <see cref="ObjectProtection"/> describes why no committed
/// object is deleted.
/// </summary>
/// <param name="needed">Objects that were needed when the candidates were chosen.</param>
/// <param name="gracePeriod">Objects that were created or touched within it are kept.</param>
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

    /// <summary>Deletes the candidates that are still unneeded and were not touched.</summary>
    /// <param name="candidates">Digests, and lengths in bytes.</param>
    /// <param name="deleted">Called for each deleted object, in parallel.</param>
    /// <exception cref="CleanupRunningException">Another clean-up is running.</exception>
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

    // Returns the number of candidates that were handled within the time limit.
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
            // Also after a cancellation: other writers wait for announced clean-ups.
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
