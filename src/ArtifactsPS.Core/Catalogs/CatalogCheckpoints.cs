using ArtifactsPS.Core.Records;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Catalogs;

/// <summary>Checkpoints of one artifact in a store, and the pages that they share.</summary>
/// <param name="cache">Pages that were read before; null where nothing is cached.</param>
internal sealed class CatalogCheckpoints(IObjectStore store, ArtifactKey artifact, CatalogCache? cache)
{
    private const int Kept = 2;

    private readonly string _folder = StoreLayout.CheckpointFolder(artifact);
    private readonly string _pages = StoreLayout.VersionPageFolder(artifact);

    /// <summary>Lists the transactions that have checkpoints, newest first.</summary>
    public async Task<IReadOnlyList<long>> ListAsync(CancellationToken cancellationToken) =>
        [
            .. (await ListKeysAsync(cancellationToken).ConfigureAwait(false)).Select(checkpoint =>
                checkpoint.Transaction
            ),
        ];

    /// <summary>Reads the checkpoint of a transaction.</summary>
    /// <param name="replay">Replays the log from its beginning to the transaction, where a page is damaged.</param>
    /// <returns>Null if the checkpoint is missing or damaged.</returns>
    public async Task<CatalogState?> TryReadAsync(
        long transaction,
        Func<long, CancellationToken, Task<CatalogState>> replay,
        CancellationToken cancellationToken
    )
    {
        var key = KeyOf(transaction);
        try
        {
            if (await DerivedRecord.ReadAsync(store, key, cancellationToken).ConfigureAwait(false) is not { } record)
                return null;
            var state = CatalogCheckpoint.Decode(record, artifact, number => SourceOf(number, key, replay));
            return state.LastTransaction == transaction ? state : null;
        }
        catch (Exception e) when (e is ObjectCorruptException or InvalidDataException or OverflowException)
        {
            // Checkpoints are derived from the log. Test-ArtifactStore reports the damaged ones.
            return null;
        }
    }

    /// <summary>Creates a source for a checkpoint of this artifact.</summary>
    /// <param name="transaction">Transaction of the checkpoint.</param>
    /// <param name="key">Key of the checkpoint, for messages.</param>
    public StoredVersions.ISource SourceOf(
        long transaction,
        string key,
        Func<long, CancellationToken, Task<CatalogState>> replay
    ) => new Source(this, transaction, key, replay);

    /// <summary>Writes a checkpoint where one is due, and deletes older ones that nobody needs any more.</summary>
    public async Task WriteAsync(CatalogState state, CancellationToken cancellationToken)
    {
        if (state.LastTransaction % CatalogCheckpoint.Interval != 0)
            return;
        try
        {
            var pages = new List<Task>();
            var bytes = await CatalogCheckpoint
                .EncodeAsync(
                    state,
                    (page, bytes) =>
                    {
                        pages.Add(
                            store.TryCreateAsync(PageKeyOf(page), DerivedRecord.Compress(bytes), cancellationToken)
                        );
                        return Task.CompletedTask;
                    },
                    cancellationToken
                )
                .ConfigureAwait(false);
            await Task.WhenAll(pages).ConfigureAwait(false);
            if (bytes.Length > SealedRecord.MaxLength)
                return;
            await store
                .TryCreateAsync(KeyOf(state.LastTransaction), DerivedRecord.Compress(bytes), cancellationToken)
                .ConfigureAwait(false);
            await DeleteOlderAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is ArtifactsException or OperationCanceledException or InvalidDataException)
        {
            // The transaction is committed. A checkpoint only makes reading faster; the next one will do.
        }
    }

    private string KeyOf(long transaction) => StoreLayout.NumberedKey(_folder, transaction);

    private string PageKeyOf(VersionPage page) => StoreLayout.VersionPageKey(_pages, page.Digest);

    // Newest first.
    private async Task<List<(long Transaction, StoredKey Key)>> ListKeysAsync(CancellationToken cancellationToken)
    {
        var checkpoints = new List<(long Transaction, StoredKey Key)>();
        await foreach (var key in store.ListAsync(_folder, cancellationToken).ConfigureAwait(false))
            if (StoreLayout.RecordNumber(key.Key) is { } transaction)
                checkpoints.Add((transaction, key));
        checkpoints.Sort((left, right) => right.Transaction.CompareTo(left.Transaction));
        return checkpoints;
    }

    // A page that is newer than the checkpoints may belong to a checkpoint that is about to be written.
    private async Task DeleteOlderAsync(CancellationToken cancellationToken)
    {
        var checkpoints = await ListKeysAsync(cancellationToken).ConfigureAwait(false);
        if (checkpoints.Count <= Kept)
            return;
        var needed = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (_, key) in checkpoints.Take(Kept))
        {
            if (await DerivedRecord.ReadAsync(store, key.Key, cancellationToken).ConfigureAwait(false) is { } record)
                foreach (var page in CatalogCheckpoint.PagesOf(record))
                    needed.Add(PageKeyOf(page));
        }
        foreach (var (_, key) in checkpoints.Skip(Kept))
            await store.DeleteAsync(key.Key, cancellationToken).ConfigureAwait(false);
        var oldest = checkpoints[Kept - 1].Key.LastModified;
        var unneeded = new List<string>();
        await foreach (var key in store.ListAsync(_pages, cancellationToken).ConfigureAwait(false))
            if (key.LastModified < oldest && !needed.Contains(key.Key))
                unneeded.Add(key.Key);
        foreach (var key in unneeded)
            await store.DeleteAsync(key, cancellationToken).ConfigureAwait(false);
    }

    private async Task<SealedRecord?> ReadPageAsync(VersionPage page, CancellationToken cancellationToken)
    {
        if (cache?.FindPage(page) is { } cached)
            return cached;
        try
        {
            var record = await DerivedRecord.ReadAsync(store, PageKeyOf(page), cancellationToken).ConfigureAwait(false);
            if (record is not null)
                cache?.SavePage(page, SealedRecord.Encode(record.Body));
            return record;
        }
        catch (ObjectCorruptException)
        {
            return null;
        }
    }

    private sealed class Source(
        CatalogCheckpoints checkpoints,
        long transaction,
        string key,
        Func<long, CancellationToken, Task<CatalogState>> replay
    ) : StoredVersions.ISource
    {
        public Task<SealedRecord?> ReadPageAsync(VersionPage page, CancellationToken cancellationToken) =>
            checkpoints.ReadPageAsync(page, cancellationToken);

        public Task<CatalogState> ReplayAsync(CancellationToken cancellationToken)
        {
            // The next reader takes another checkpoint.
            checkpoints.Forget();
            return replay(transaction, cancellationToken);
        }

        public Exception Contradiction(string fault) => checkpoints.Contradiction(key, fault);
    }

    private void Forget() => cache?.Remove(artifact);

    private ObjectCorruptException Contradiction(string key, string fault) => new(store.Location, key, fault);
}
