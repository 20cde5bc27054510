using System.Runtime.CompilerServices;
using ArtifactsPS.Core.Records;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Catalogs;

/// <summary>
/// The transaction log of one artifact. A transaction is committed by creating the key of the next number; whoever finds
/// it taken reads it, decides anew, and tries the number after.
/// </summary>
public sealed class Catalog
{
    private const int KeptCheckpoints = 2;

    private readonly IObjectStore _store;
    private readonly string _name;
    private readonly string _checkpoints;
    private readonly RecordLog _log;
    private readonly CatalogCache? _remembered;

    /// <param name="store">The store.</param>
    /// <param name="name">The artifact's name.</param>
    /// <param name="remembered">What was read of the store's catalogs before; null where nothing is kept.</param>
    internal Catalog(IObjectStore store, string name, CatalogCache? remembered = null)
    {
        _store = store;
        _name = name;
        _remembered = remembered;
        _checkpoints = StoreLayout.CheckpointFolder(name);
        _log = new RecordLog(store, StoreLayout.LogFolder(name), $"'{name}'");
    }

    /// <summary>Reads the state as it is now: a listing, the newest checkpoint, and what came after it. Where the state is
    /// remembered, its last transaction, and what came after that.</summary>
    /// <returns>A state of no transactions when there are none.</returns>
    public async Task<CatalogState> ReadAsync(CancellationToken cancellationToken)
    {
        var (state, kept, isCurrent) = await RecallAsync(cancellationToken).ConfigureAwait(false);
        if (!isCurrent)
        {
            state = await ReadCheckpointAsync(state.LastTransaction, cancellationToken).ConfigureAwait(false) ?? state;
            await _log.CatchUpAsync(new Replay(state), null, cancellationToken).ConfigureAwait(false);
        }
        Keep(state, kept);
        return state;
    }

    /// <summary>Whether any version is live, mostly for the price of one read.</summary>
    /// <param name="last">The last transaction's number.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    internal async Task<bool> IsLiveAsync(long last, CancellationToken cancellationToken)
    {
        var record = await SealedRecord.ReadAsync(_store, _log.KeyOf(last), cancellationToken).ConfigureAwait(false);
        // What else is done last is done to a version, which is live.
        if (
            record is not null
            && _log.Checked(last, () => CatalogTransaction.Decode(record)).Actions.LastOrDefault()
                is not (null or DeleteAction or RemoveAliasAction)
        )
            return true;
        return (await ReadAsync(cancellationToken).ConfigureAwait(false)).IsLive;
    }

    /// <summary>Gives the state as it is now, for the price of one read if nothing has happened since it was read.</summary>
    /// <param name="known">A state of this catalog.</param>
    /// <param name="cancellationToken">Stops the call.</param>
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
    /// <param name="cancellationToken">Cancels the call.</param>
    internal async Task<CatalogUpdate> BeginUpdateAsync(string? runId, CancellationToken cancellationToken) =>
        new(this, await ReadAsync(cancellationToken).ConfigureAwait(false), runId);

    /// <summary>Begins to append a transaction to a state of this catalog.</summary>
    internal RecordAppender BeginAppend(CatalogState state, string id) => _log.BeginAppend(new Replay(state), id);

    /// <summary>Keeps a state that a transaction has changed: as a checkpoint where one is due, and in the cache.</summary>
    internal async Task SaveAsync(CatalogState state, CancellationToken cancellationToken)
    {
        await WriteCheckpointAsync(state, cancellationToken).ConfigureAwait(false);
        _remembered?.Keep(state);
    }

    /// <summary>Streams all transactions, the first one first.</summary>
    public async IAsyncEnumerable<CatalogTransaction> HistoryAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        await foreach (var (number, record) in _log.ReadAsync(1, cancellationToken).ConfigureAwait(false))
            yield return _log.Checked(number, () => CatalogTransaction.Decode(record));
    }

    // What is remembered, if it is of this log, and the few transactions after it. Not current: there may be more, of which a
    // checkpoint may spare the reading; or nothing is remembered that counts, and the state is of no transactions. Kept: the
    // last transaction of what is remembered.
    private async Task<(CatalogState State, long Kept, bool IsCurrent)> RecallAsync(CancellationToken cancellationToken)
    {
        if (_remembered?.Find(_name, Damaged) is { } state)
        {
            var kept = state.LastTransaction;
            var isSame = false;
            try
            {
                await foreach (var (number, record) in _log.ReadAsync(kept, 1, cancellationToken).ConfigureAwait(false))
                {
                    isSame |= number == kept && record.Digest == state.LastDigest;
                    if (!isSame)
                        break;
                    if (number > kept)
                        _log.Checked(number, () => new Replay(state).Apply(number, record));
                    if (number == kept + RecordLog.Few)
                        return (state, kept, false);
                }
                if (isSame)
                    return (state, kept, true);
            }
            catch (ObjectCorruptException)
            {
                // A checkpoint may spare reading it; otherwise it is found again, and told.
            }
        }
        return (new CatalogState(_name), 0, false);

        Exception Damaged(string what) => new ObjectCorruptException(_store.Location, _checkpoints, what);
    }

    private void Keep(CatalogState state, long kept)
    {
        if (state.LastTransaction != kept)
            _remembered?.Keep(state);
    }

    // The newest that is of a later transaction and whole.
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
                if (state.LastTransaction == transaction && Names.Comparer.Equals(state.Name, _name))
                    return state;
            }
            catch (Exception e) when (e is ObjectCorruptException or InvalidDataException or OverflowException)
            {
                // Derived data: the log itself has everything. Test-ArtifactStore names what is damaged.
                continue;
            }
        }
        return null;
    }

    // The newest first.
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
            // The transaction is committed; a checkpoint only makes reading it quicker, and the next one will do.
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
