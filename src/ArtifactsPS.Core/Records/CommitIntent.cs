using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Values;
using Newtonsoft.Json.Linq;

namespace ArtifactsPS.Core.Records;

/// <summary>
/// A key in <c>intents/</c> that names the record that a writer is about to create. It exists before the writer checks the objects
/// that the record relies on. A purge closes an intent: it creates a record without effect under that key, unless the key
/// exists. A writer that finds its number taken creates a new intent and checks its objects again. See
/// <c>docs/architecture.md</c>, "Why clean-up is safe".
/// </summary>
internal sealed class CommitIntent
{
    private const string RecordProperty = "record";

    private readonly IObjectStore _store;

    private CommitIntent(IObjectStore store, string key, string record) => (_store, Key, Record) = (store, key, record);

    /// <summary>Key of the intent.</summary>
    public string Key { get; }

    /// <summary>Key of the record.</summary>
    public string Record { get; }

    /// <summary>Creates an intent.</summary>
    /// <param name="record">Key of the record. Its log must have been read to its end before.</param>
    public static async Task<CommitIntent> CreateAsync(
        IObjectStore store,
        string record,
        CancellationToken cancellationToken
    )
    {
        var intent = new CommitIntent(store, StoreLayout.NewIntentKey(), record);
        var bytes = SealedRecord.Encode(new JObject { [RecordProperty] = record });
        await store.TryCreateAsync(intent.Key, bytes, cancellationToken).ConfigureAwait(false);
        return intent;
    }

    /// <summary>Reads all intents. Creates and deletes a key first, since a client of a network file system may have cached the
    /// list of names.</summary>
    /// <exception cref="ObjectCorruptException">An intent is damaged.</exception>
    public static async Task<IReadOnlyList<CommitIntent>> ListAsync(
        IObjectStore store,
        CancellationToken cancellationToken
    )
    {
        await RefreshAsync(store, cancellationToken).ConfigureAwait(false);
        var intents = new List<CommitIntent>();
        await foreach (var key in store.ListAsync(StoreLayout.Intents, cancellationToken).ConfigureAwait(false))
            if (await ReadAsync(store, key.Key, cancellationToken).ConfigureAwait(false) is { } intent)
                intents.Add(intent);
        return intents;
    }

    /// <summary>Deletes the intent. The result of the commit is known.</summary>
    public Task DeleteAsync(CancellationToken cancellationToken) => _store.DeleteAsync(Key, cancellationToken);

    /// <summary>Reads an intent.</summary>
    /// <returns>Null if the intent was deleted meanwhile.</returns>
    /// <exception cref="ObjectCorruptException">The intent is damaged.</exception>
    public static async Task<CommitIntent?> ReadAsync(
        IObjectStore store,
        string key,
        CancellationToken cancellationToken
    )
    {
        var record = await SealedRecord.ReadAsync(store, key, cancellationToken).ConfigureAwait(false);
        try
        {
            return record is null ? null : new CommitIntent(store, key, record.ToJson().RequiredText(RecordProperty));
        }
        catch (InvalidDataException e)
        {
            throw new ObjectCorruptException(store.Location, key, e.Message);
        }
    }

    private static async Task RefreshAsync(IObjectStore store, CancellationToken cancellationToken)
    {
        var key = StoreLayout.NewIntentKey();
        await store
            .TryCreateAsync(key, SealedRecord.Encode(new JObject { [RecordProperty] = "" }), cancellationToken)
            .ConfigureAwait(false);
        await store.DeleteAsync(key, cancellationToken).ConfigureAwait(false);
    }
}
