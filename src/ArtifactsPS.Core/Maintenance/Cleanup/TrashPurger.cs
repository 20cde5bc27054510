using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Concurrency;
using ArtifactsPS.Core.Content.Trash;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Maintenance.Cleanup;

/// <summary>
/// Deletes condemned objects that nothing needs, and brings the others back. The order of its steps keeps every object that a
/// committed version needs, without a clock: see <c>docs/architecture.md</c>, "Why clean-up is safe".
/// </summary>
/// <param name="readNeeded">Reads all logs again, and returns whether an object is needed.</param>
/// <param name="progress">Counts objects and bytes.</param>
internal sealed class TrashPurger(
    VersionStore versions,
    Func<CancellationToken, Task<Func<Digest, bool>>> readNeeded,
    TransferProgress progress
)
{
    private readonly IObjectStore _store = versions.Objects;

    /// <summary>Purges the objects that an inventory lists.</summary>
    /// <param name="before">Inventories that were created later are left alone.</param>
    /// <param name="done">Receives the deleted objects.</param>
    public async Task PurgeAsync(DateTimeOffset before, StoreCleanup done, CancellationToken cancellationToken)
    {
        // 1. Inventories first.
        var trash = await TrashContent.ListAsync(_store, cancellationToken).ConfigureAwait(false);
        var listed = trash.ListedBefore(before).ToList();
        // 2. Then no writer that checked its objects before can commit any more.
        await OpenIntents.CloseAsync(versions, cancellationToken).ConfigureAwait(false);
        // 3. Then everything that was committed.
        var isNeeded = await readNeeded(cancellationToken).ConfigureAwait(false);
        // 4. Only what an inventory of step 1 lists.
        progress.Expect(listed.Count, listed.Sum(item => item.Length));
        using (
            var purging = new WorkQueue<(TrashInventory Inventory, Digest Digest, long Length)>(
                PurgeOneAsync,
                cancellationToken
            )
        )
        {
            foreach (var item in listed)
                await purging.AddAsync(item).ConfigureAwait(false);
            await purging.CompleteAsync().ConfigureAwait(false);
        }
        foreach (var inventory in trash.Inventories.Where(item => item.Key.LastModified <= before))
            await _store.DeleteAsync(inventory.Key.Key, cancellationToken).ConfigureAwait(false);

        async Task PurgeOneAsync((TrashInventory Inventory, Digest Digest, long Length) item, CancellationToken token)
        {
            var key = StoreLayout.TrashKey(item.Inventory.Batch, item.Digest);
            var isKept = isNeeded(item.Digest);
            progress.AddFile();
            progress.AddBytes(item.Length);
            // Brought back before the copy in the trash is deleted.
            if (isKept && await TrashedObjects.EnsureAsync(_store, item.Digest, token).ConfigureAwait(false) is null)
                return;
            if (await _store.DeleteAsync(key, token).ConfigureAwait(false) && !isKept)
                done.Add(key, item.Length);
        }
    }

    /// <summary>Lists the objects of interrupted clean-ups in inventories, so that a later purge deletes them.</summary>
    /// <param name="isForced">Whether no other clean-up is running, so that no late deletion follows in a bucket.</param>
    public static async Task ListInterruptedAsync(
        IObjectStore store,
        bool isForced,
        CancellationToken cancellationToken
    )
    {
        if (!store.MovesAtomically && !isForced)
            return;
        var trash = await TrashContent.ListAsync(store, cancellationToken).ConfigureAwait(false);
        foreach (var (batch, objects) in trash.Unlisted())
            await TrashInventory
                .CreateAsync(store, batch, objects.Select(item => item.Digest), cancellationToken)
                .ConfigureAwait(false);
    }
}
