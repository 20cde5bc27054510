using ArtifactsPS.Core.Records;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Values;
using Newtonsoft.Json.Linq;

namespace ArtifactsPS.Core.Maintenance.Cleanup;

/// <summary>
/// Record in a batch of condemned objects that lists them. It is created after the last of them was moved there. Only listed
/// objects are purged.
/// </summary>
/// <param name="Key">Key of the inventory.</param>
/// <param name="Batch">The batch.</param>
/// <param name="Objects">The listed objects.</param>
internal sealed record TrashInventory(StoredKey Key, string Batch, IReadOnlyList<Digest> Objects)
{
    private const string ObjectsProperty = "objects";

    /// <summary>Creates an inventory.</summary>
    /// <param name="objects">Objects of the batch. None of them can enter the batch again.</param>
    public static Task CreateAsync(
        IObjectStore store,
        string batch,
        IEnumerable<Digest> objects,
        CancellationToken cancellationToken
    ) =>
        store.TryCreateAsync(
            StoreLayout.NewTrashInventoryKey(batch),
            SealedRecord.Encode(new JObject { [ObjectsProperty] = new JArray(objects.Select(digest => digest.Hex)) }),
            cancellationToken
        );

    /// <summary>Reads an inventory.</summary>
    /// <returns>Null if it was deleted meanwhile.</returns>
    /// <exception cref="ObjectCorruptException">The record is damaged.</exception>
    public static async Task<TrashInventory?> ReadAsync(
        IObjectStore store,
        StoredKey key,
        string batch,
        CancellationToken cancellationToken
    )
    {
        var record = await SealedRecord.ReadAsync(store, key.Key, cancellationToken).ConfigureAwait(false);
        if (record is null)
            return null;
        try
        {
            return new TrashInventory(
                key,
                batch,
                [.. record.ToJson().Required<JArray>(ObjectsProperty).Select(DigestOf)]
            );
        }
        catch (InvalidDataException e)
        {
            throw new ObjectCorruptException(store.Location, key.Key, e.Message);
        }
    }

    private static Digest DigestOf(JToken item) =>
        Digest.TryParseHex(((string?)item).AsSpan(), out var digest)
            ? digest
            : throw new InvalidDataException($"invalid object '{item}'");
}
