using System.Runtime.CompilerServices;
using ArtifactsPS.Core.Records;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Catalogs;

/// <summary>
/// Transaction log of one artifact. Creating the key with the next number commits a transaction. A writer that finds the key
/// taken reads that transaction, decides again, and tries the number after it.
/// </summary>
public sealed class Catalog
{
    private const int KeptCheckpoints = 2;

    private readonly IObjectStore _store;
    private readonly ArtifactName _name;
    private readonly string _checkpoints;
    private readonly RecordLog _log;
    private readonly CatalogCache? _cache;

    /// <param name="cache">Catalogs of this store that were read before; null where nothing is cached.</param>
    internal Catalog(IObjectStore store, ArtifactName name, CatalogCache? cache = null)
    {
        _store = store;
        _name = name;
        _cache = cache;
        _checkpoints = StoreLayout.CheckpointFolder(name);
        _log = new RecordLog(store, StoreLayout.LogFolder(name), $"'{name}'");
    }

    /// <summary>Reads the current state: a listing, the newest checkpoint, and the transactions after it. Where the state is
    /// cached, only its last transaction and the ones after it.</summary>
    /// <returns>An empty state if there are no transactions.</returns>
    public async Task<CatalogState> ReadAsync(CancellationToken cancellationToken)
    {
        var (state, cached, isCurrent) = await ReadCacheAsync(cancellationToken).ConfigureAwait(false);
        if (!isCurrent)
        {
            state = await ReadCheckpointAsync(state.LastTransaction, cancellationToken).ConfigureAwait(false) ?? state;
            await _log.CatchUpAsync(new Replay(state), null, cancellationToken).ConfigureAwait(false);
        }
        SaveToCache(state, cached);
        return state;
    }

    /// <summary>Whether any version is live. Usually costs one read.</summary>
    /// <param name="last">Number of the last transaction.</param>
    internal async Task<bool> IsLiveAsync(long last, CancellationToken cancellationToken)
    {
        var record = await SealedRecord.ReadAsync(_store, _log.KeyOf(last), cancellationToken).ConfigureAwait(false);
        // Every other action leaves its version live.
        if (
            record is not null
            && _log.Checked(last, () => CatalogTransaction.Decode(record)).Actions.LastOrDefault()
                is not (null or DeleteAction or RemoveAliasAction)
        )
            return true;
        return (await ReadAsync(cancellationToken).ConfigureAwait(false)).IsLive;
    }

    /// <summary>Reads the current state. Costs one read if nothing has changed since the known state.</summary>
    /// <param name="known">An earlier state of this catalog.</param>
    public async Task<CatalogState> ReadAgainAsync(CatalogState known, CancellationToken cancellationToken) =>
        await SealedRecord
            .ReadAsync(_store, _log.KeyOf(known.LastTransaction + 1), cancellationToken)
            .ConfigureAwait(false)
            is null
            ? known
            : await ReadAsync(cancellationToken).ConfigureAwait(false);

    /// <summary>Commits one transaction.</summary>
    /// <param name="decide">Returns the actions for a state, and a result for the caller. No actions: nothing is committed.
    /// Called again on a newer state whenever another transaction came first. May throw.</param>
    /// <param name="runId">Id of the run that commits it; null for none.</param>
    /// <param name="cancellationToken">Cancels the call; a committed transaction stays.</param>
    /// <returns>The state with the actions applied, and the result of the last decision.</returns>
    public async Task<(CatalogState State, T Result)> CommitAsync<T>(
        Func<CatalogState, (IReadOnlyList<CatalogAction> Actions, T Result)> decide,
        string? runId,
        CancellationToken cancellationToken
    )
    {
        var update = await BeginUpdateAsync(runId, cancellationToken).ConfigureAwait(false);
        while (true)
        {
            var (actions, result) = decide(update.State);
            if (actions.Count == 0 || await update.TryCommitAsync(actions, cancellationToken).ConfigureAwait(false))
                return (update.State, result);
        }
    }

    /// <summary>Commits one transaction whose decision has no result.</summary>
    /// <inheritdoc cref="CommitAsync{T}"/>
    /// <returns>The state with the actions applied.</returns>
    public async Task<CatalogState> CommitAsync(
        Func<CatalogState, IReadOnlyList<CatalogAction>> decide,
        string? runId,
        CancellationToken cancellationToken
    )
    {
        var (state, _) = await CommitAsync(state => (decide(state), true), runId, cancellationToken)
            .ConfigureAwait(false);
        return state;
    }

    /// <summary>Reads the state and begins one transaction on it.</summary>
    /// <param name="runId">Id of the run that commits it; null for none.</param>
    internal async Task<CatalogUpdate> BeginUpdateAsync(string? runId, CancellationToken cancellationToken) =>
        new(this, await ReadAsync(cancellationToken).ConfigureAwait(false), runId);

    /// <summary>Begins to append a transaction to a state of this catalog.</summary>
    internal RecordAppender BeginAppend(CatalogState state, string id) => _log.BeginAppend(new Replay(state), id);

    /// <summary>Saves a state after a transaction: as a checkpoint where one is due, and in the cache.</summary>
    internal async Task SaveAsync(CatalogState state, CancellationToken cancellationToken)
    {
        await WriteCheckpointAsync(state, cancellationToken).ConfigureAwait(false);
        _cache?.Save(state);
    }

    /// <summary>Streams all transactions, oldest first.</summary>
    public async IAsyncEnumerable<CatalogTransaction> HistoryAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        await foreach (var (number, record) in _log.ReadAsync(1, cancellationToken).ConfigureAwait(false))
            yield return _log.Checked(number, () => CatalogTransaction.Decode(record));
    }

    // Reads the cached state, if it belongs to this log, and a few transactions after it. Cached: number of the last
    // transaction in the cache. IsCurrent is false where more transactions may follow, which a checkpoint may make unnecessary
    // to read, and where the cache has nothing usable: then the state is empty.
    private async Task<(CatalogState State, long Cached, bool IsCurrent)> ReadCacheAsync(
        CancellationToken cancellationToken
    )
    {
        if (_cache?.Find(_name, Damaged) is { } state)
        {
            var cached = state.LastTransaction;
            var isSame = false;
            try
            {
                await foreach (
                    var (number, record) in _log.ReadAsync(cached, 1, cancellationToken).ConfigureAwait(false)
                )
                {
                    isSame |= number == cached && record.Digest == state.LastDigest;
                    if (!isSame)
                        break;
                    if (number > cached)
                        _log.Checked(number, () => new Replay(state).Apply(number, record));
                    if (number == cached + RecordLog.Few)
                        return (state, cached, false);
                }
                if (isSame)
                    return (state, cached, true);
            }
            catch (ObjectCorruptException)
            {
                // A newer checkpoint may make the damaged record unnecessary. Otherwise it is read again, and reported.
            }
        }
        return (new CatalogState(_name), 0, false);

        Exception Damaged(string what) => new ObjectCorruptException(_store.Location, _checkpoints, what);
    }

    private void SaveToCache(CatalogState state, long cached)
    {
        if (state.LastTransaction != cached)
            _cache?.Save(state);
    }

    // Reads the newest undamaged checkpoint after a transaction.
    private async Task<CatalogState?> ReadCheckpointAsync(long after, CancellationToken cancellationToken)
    {
        var transactions = await ListCheckpointsAsync(cancellationToken).ConfigureAwait(false);
        foreach (var transaction in transactions.Where(transaction => transaction > after))
        {
            try
            {
                var key = StoreLayout.NumberedKey(_checkpoints, transaction);
                var record = await SealedRecord.ReadAsync(_store, key, cancellationToken).ConfigureAwait(false);
                if (record is null)
                    continue;
                var state = CatalogCheckpoint.Decode(
                    record,
                    what => new ObjectCorruptException(_store.Location, key, what)
                );
                if (state.LastTransaction == transaction && state.Name == _name)
                    return state;
            }
            catch (Exception e) when (e is ObjectCorruptException or InvalidDataException or OverflowException)
            {
                // Checkpoints are derived from the log. Test-ArtifactStore reports the damaged ones.
                continue;
            }
        }
        return null;
    }

    // Newest first.
    private async Task<List<long>> ListCheckpointsAsync(CancellationToken cancellationToken)
    {
        var transactions = new List<long>();
        var keys = _store.ListAsync(_checkpoints, cancellationToken);
        await foreach (var key in keys.ConfigureAwait(false))
            if (StoreLayout.RecordNumber(key.Key) is { } transaction)
                transactions.Add(transaction);
        transactions.Sort((left, right) => right.CompareTo(left));
        return transactions;
    }

    private async Task WriteCheckpointAsync(CatalogState state, CancellationToken cancellationToken)
    {
        if (state.LastTransaction % CatalogCheckpoint.Interval != 0)
            return;
        try
        {
            var key = StoreLayout.NumberedKey(_checkpoints, state.LastTransaction);
            await _store.TryCreateAsync(key, CatalogCheckpoint.Encode(state), cancellationToken).ConfigureAwait(false);
            var older = await ListCheckpointsAsync(cancellationToken).ConfigureAwait(false);
            foreach (var transaction in older.Skip(KeptCheckpoints))
                await _store
                    .DeleteAsync(StoreLayout.NumberedKey(_checkpoints, transaction), cancellationToken)
                    .ConfigureAwait(false);
        }
        catch (Exception e) when (e is ArtifactsException or OperationCanceledException)
        {
            // The transaction is committed. A checkpoint only makes reading faster; the next one will do.
        }
    }

    private sealed class Replay(CatalogState state) : RecordLog.IState
    {
        public long LastNumber => state.LastTransaction;

        public string Apply(long number, SealedRecord record)
        {
            var transaction = CatalogTransaction.Decode(record);
            state.Apply(transaction, record.Digest);
            return transaction.Id;
        }
    }
}
