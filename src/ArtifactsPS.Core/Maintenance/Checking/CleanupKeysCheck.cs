using ArtifactsPS.Core.Maintenance.Cleanup;
using ArtifactsPS.Core.Records;
using ArtifactsPS.Core.Storage;

namespace ArtifactsPS.Core.Maintenance.Checking;

/// <summary>Checks the inventories of condemned objects, and the intents of commits. Open intents and condemned objects are no
/// problems.</summary>
internal sealed class CleanupKeysCheck(IObjectStore store, StoreProblems problems)
{
    /// <summary>Checks all keys.</summary>
    public async Task CheckAsync(CancellationToken cancellationToken)
    {
        await foreach (var key in store.ListAsync(StoreLayout.Trash, cancellationToken).ConfigureAwait(false))
            if (StoreLayout.BatchOfInventory(key.Key) is { } batch)
                await CheckInventoryAsync(key, batch, cancellationToken).ConfigureAwait(false);
            else if (StoreLayout.TrashedObject(key.Key) is null)
                problems.AddUnexpected(key.Key, "The trash contains only objects and their inventories.");
        await foreach (var key in store.ListAsync(StoreLayout.Intents, cancellationToken).ConfigureAwait(false))
            if (StoreLayout.IsIntent(key.Key))
                await CheckIntentAsync(key.Key, cancellationToken).ConfigureAwait(false);
            else
                problems.AddUnexpected(key.Key, "The module writes no such key for an intent.");
    }

    private async Task CheckInventoryAsync(StoredKey key, string batch, CancellationToken cancellationToken)
    {
        try
        {
            await TrashInventory.ReadAsync(store, key, batch, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (RecordFault.Is(e))
        {
            problems.Add(
                StoreProblemKind.InventoryDamaged,
                key.Key,
                $"An inventory of condemned objects is damaged: {RecordFault.Describe(e)}. The store can't be cleaned up.",
                "No needed data is lost. Run Repair-ArtifactStore, which deletes the key.",
                severity: ProblemSeverity.Warning
            );
        }
    }

    private async Task CheckIntentAsync(string key, CancellationToken cancellationToken)
    {
        try
        {
            await CommitIntent.ReadAsync(store, key, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (RecordFault.Is(e))
        {
            problems.Add(
                StoreProblemKind.IntentDamaged,
                key,
                $"An intent of a commit is damaged: {RecordFault.Describe(e)}. The trash of the store can't be emptied.",
                "No data is lost. Delete the key when no command is writing to the store.",
                severity: ProblemSeverity.Warning
            );
        }
    }
}
