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

    // With more transactions after a cached state, a checkpoint probably saves requests.
    private const int Few = 16;

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

    /// <summary>Reads the current state: the newest checkpoint, and the transactions after it. Where the state is cached, only
    /// its last transaction and the ones after it.</summary>
    /// <returns>An empty state if there are no transactions.</returns>
    /// <exception cref="ObjectCorruptException">A transaction is damaged.</exception>
    /// <exception cref="LogIncompleteException">A transaction is missing, but the store shows later ones.</exception>
    public async Task<CatalogState> ReadAsync(CancellationToken cancellationToken)
    {
        var (state, keys) = await ReadCacheAsync(cancellationToken).ConfigureAwait(false);
        var cached = state?.LastTransaction ?? 0;
        if (state is null || keys!.Last > cached + Few)
            (state, keys) = await ReadCheckpointAsync(state, keys, cancellationToken).ConfigureAwait(false);
        await _log.CatchUpAsync(new Replay(state), keys, 0, null, cancellationToken).ConfigureAwait(false);
        if (state.LastTransaction != cached)
            _cache?.Save(state);
        return state;
    }

    /// <summary>Whether any version is live. Usually costs one read.</summary>
    /// <param name="last">Number of the last transaction.</param>
    internal async Task<bool> IsLiveAsync(long last, CancellationToken cancellationToken)
    {
        var record = await _log.FindAsync(last, cancellationToken).ConfigureAwait(false);
        // Every other action leaves its version live.
        if (
            record is not null
            && _log.Checked(last, () => CatalogTransaction.Decode(record)).Actions.LastOrDefault()
                is not (null or DeleteAction or RemoveAliasAction)
        )
            return true;
        return (await ReadAsync(cancellationToken).ConfigureAwait(false)).IsLive;
    }

    /// <summary>Reads the current state. Costs one listing if nothing has changed since the known state.</summary>
    /// <param name="known">An earlier state of this catalog.</param>
    public async Task<CatalogState> ReadAgainAsync(CatalogState known, CancellationToken cancellationToken) =>
        (await _log.ListAsync(known.LastTransaction, cancellationToken).ConfigureAwait(false)).Last
        == known.LastTransaction
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

    // Reads the cached state, and the keys of the transactions after it. Null where nothing is cached, or where the log does
    // not have the state's last transaction: the store may have been restored from a copy.
    private async Task<(CatalogState? State, LogKeys? Keys)> ReadCacheAsync(CancellationToken cancellationToken)
    {
        if (_cache?.Find(_name, Damaged) is not { } state)
            return (null, null);
        var listing = _log.ListAsync(state.LastTransaction, cancellationToken);
        try
        {
            var last = await _log.FindAsync(state.LastTransaction, cancellationToken).ConfigureAwait(false);
            var keys = await listing.ConfigureAwait(false);
            return last?.Digest == state.LastDigest ? (state, keys) : (null, null);
        }
        catch (ObjectCorruptException)
        {
            // A checkpoint may make the damaged record unnecessary. Otherwise it is read again, and reported.
            await listing.ConfigureAwait(false);
            return (null, null);
        }

        Exception Damaged(string what) => new ObjectCorruptException(_store.Location, _checkpoints, what);
    }

    // Reads the newest undamaged checkpoint after a known state, and the keys of the transactions after it. Without one,
    // continues with the known state, or with an empty one.
    private async Task<(CatalogState State, LogKeys Keys)> ReadCheckpointAsync(
        CatalogState? known,
        LogKeys? keys,
        CancellationToken cancellationToken
    )
    {
        var transactions = await ListCheckpointsAsync(cancellationToken).ConfigureAwait(false);
        foreach (var transaction in transactions.Where(transaction => transaction > (known?.LastTransaction ?? 0)))
        {
            // Includes the checkpoint's own transaction, which must exist.
            var listing = keys is null ? _log.ListAsync(transaction - 1, cancellationToken) : Task.FromResult(keys);
            var state = await TryReadCheckpointAsync(transaction, cancellationToken).ConfigureAwait(false);
            var listed = await listing.ConfigureAwait(false);
            if (state is null)
                continue;
            return listed.Contains(transaction)
                ? (state, listed)
                : throw _log.Incomplete(transaction, $"there is a checkpoint of transaction {transaction}");
        }
        return (
            known ?? new CatalogState(_name),
            keys ?? await _log.ListAsync(0, cancellationToken).ConfigureAwait(false)
        );
    }

    private async Task<CatalogState?> TryReadCheckpointAsync(long transaction, CancellationToken cancellationToken)
    {
        var key = StoreLayout.NumberedKey(_checkpoints, transaction);
        try
        {
            if (await SealedRecord.ReadAsync(_store, key, cancellationToken).ConfigureAwait(false) is not { } record)
                return null;
            var state = CatalogCheckpoint.Decode(
                record,
                what => new ObjectCorruptException(_store.Location, key, what)
            );
            return state.LastTransaction == transaction && state.Name == _name ? state : null;
        }
        catch (Exception e) when (e is ObjectCorruptException or InvalidDataException or OverflowException)
        {
            // Checkpoints are derived from the log. Test-ArtifactStore reports the damaged ones.
            return null;
        }
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
