using System.Collections.Concurrent;
using ArtifactsPS.Core.Concurrency;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Maintenance.Cleanup;

/// <summary>
/// Moves objects to the trash, each at most once to a batch, and then lists them in an inventory. It can be interrupted at any
/// time: an object that is needed after all is read in the trash, and moved back. See <c>docs/architecture.md</c>, "Why clean-up
/// is safe".
/// </summary>
/// <param name="progress">Counts objects and bytes.</param>
internal sealed class ObjectCondemner(IObjectStore store, TransferProgress progress)
{
    private const int MovesAtOnce = 16;

    // An interrupted batch in a bucket is never purged, unless a user says so. Small batches make such leftovers small.
    private const int ObjectsPerBatch = 1000;

    /// <summary>Moves objects to the trash.</summary>
    /// <param name="objects">Objects with their lengths in bytes.</param>
    /// <returns>The moved objects.</returns>
    public async Task<IReadOnlyList<(Digest Digest, long Length)>> CondemnAsync(
        IReadOnlyList<(Digest Digest, long Length)> objects,
        CancellationToken cancellationToken
    )
    {
        progress.Expect(objects.Count, objects.Sum(item => item.Length));
        var moved = new List<(Digest Digest, long Length)>();
        for (var start = 0; start < objects.Count; start += ObjectsPerBatch)
        {
            var some = objects.Skip(start).Take(ObjectsPerBatch).ToList();
            moved.AddRange(await CondemnBatchAsync(some, cancellationToken).ConfigureAwait(false));
        }
        return moved;
    }

    private async Task<IReadOnlyCollection<(Digest Digest, long Length)>> CondemnBatchAsync(
        List<(Digest Digest, long Length)> objects,
        CancellationToken cancellationToken
    )
    {
        var batch = Guid.NewGuid().ToString("N");
        var moved = new ConcurrentBag<(Digest Digest, long Length)>();
        var isCertain = true;
        try
        {
            for (var start = 0; start < objects.Count; start += MovesAtOnce)
            {
                cancellationToken.ThrowIfCancellationRequested();
                // Not cancelled: the inventory must follow the last move.
                var moves = objects.Skip(start).Take(MovesAtOnce).Select(MoveAsync).ToList();
                await Task.WhenAll(moves).ConfigureAwait(false);
            }
        }
        finally
        {
            if (isCertain && !moved.IsEmpty)
                await TrashInventory
                    .CreateAsync(store, batch, moved.Select(item => item.Digest), CancellationToken.None)
                    .ConfigureAwait(false);
        }
        return moved;

        async Task MoveAsync((Digest Digest, long Length) item)
        {
            try
            {
                var outcome = await MoveOneAsync(item.Digest, batch).ConfigureAwait(false);
                if (outcome is { } certain)
                    moved.Add(item);
                if (outcome == false)
                    isCertain = false;
            }
            catch
            {
                isCertain = false;
                throw;
            }
            progress.AddFile();
            progress.AddBytes(item.Length);
        }
    }

    // Null if the object is missing. False if a deletion of it may still follow.
    private async Task<bool?> MoveOneAsync(Digest digest, string batch)
    {
        var key = StoreLayout.ObjectKey(digest);
        var target = StoreLayout.TrashKey(batch, digest);
        if (store.MovesAtomically)
            return await store.TryMoveAsync(key, target, CancellationToken.None).ConfigureAwait(false) ? true : null;
        if (!await store.TryCopyAsync(key, target, CancellationToken.None).ConfigureAwait(false))
            return null;
        return store is IRequestStore requests
            && await requests.TryDeleteOnceAsync(key, CancellationToken.None).ConfigureAwait(false);
    }
}
