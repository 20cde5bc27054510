using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Maintenance.Cleanup;

/// <summary>Batches of condemned objects, as listed.</summary>
internal sealed class TrashContent
{
    private readonly Dictionary<string, List<(Digest Digest, long Length)>> _objects = new(StringComparer.Ordinal);

    /// <summary>Inventories of all batches.</summary>
    public List<TrashInventory> Inventories { get; } = [];

    /// <summary>Lists all batches.</summary>
    /// <exception cref="ObjectCorruptException">An inventory is damaged.</exception>
    public static async Task<TrashContent> ListAsync(IObjectStore store, CancellationToken cancellationToken)
    {
        var content = new TrashContent();
        await foreach (var key in store.ListAsync(StoreLayout.Trash, cancellationToken).ConfigureAwait(false))
            if (StoreLayout.TrashedObject(key.Key) is var (batch, digest))
                content.ObjectsOf(batch).Add((digest, key.Length));
            else if (
                StoreLayout.BatchOfInventory(key.Key) is { } listed
                && await TrashInventory.ReadAsync(store, key, listed, cancellationToken).ConfigureAwait(false)
                    is { } inventory
            )
                content.Inventories.Add(inventory);
        return content;
    }

    /// <summary>Objects of a batch, with their lengths in bytes.</summary>
    public List<(Digest Digest, long Length)> ObjectsOf(string batch)
    {
        if (!_objects.TryGetValue(batch, out var objects))
            _objects.Add(batch, objects = []);
        return objects;
    }

    /// <summary>Objects that an inventory from before a time lists, and that are still in the batch.</summary>
    public IEnumerable<(TrashInventory Inventory, Digest Digest, long Length)> ListedBefore(DateTimeOffset time)
    {
        foreach (var inventory in Inventories.Where(item => item.Key.LastModified <= time))
        {
            var listed = new HashSet<Digest>(inventory.Objects);
            foreach (var (digest, length) in ObjectsOf(inventory.Batch).Where(item => listed.Contains(item.Digest)))
                yield return (inventory, digest, length);
        }
    }

    /// <summary>Objects that no inventory lists, by batch. Their clean-up was interrupted, or is still running.</summary>
    public IEnumerable<(string Batch, IReadOnlyList<(Digest Digest, long Length)> Objects)> Unlisted()
    {
        foreach (var batch in _objects)
        {
            var listed = new HashSet<Digest>(
                Inventories
                    .Where(item => string.Equals(item.Batch, batch.Key, StringComparison.Ordinal))
                    .SelectMany(item => item.Objects)
            );
            var unlisted = batch.Value.Where(item => !listed.Contains(item.Digest)).ToList();
            if (unlisted.Count > 0)
                yield return (batch.Key, unlisted);
        }
    }
}
