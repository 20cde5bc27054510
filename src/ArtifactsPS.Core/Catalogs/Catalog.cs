using System.Runtime.CompilerServices;
using ArtifactsPS.Stores;

namespace ArtifactsPS.Catalogs;

/// <summary>
/// The transaction log of one artifact. A transaction is committed by creating the key of the next number; whoever finds
/// it taken reads it, decides anew, and tries the number after.
/// </summary>
public sealed class Catalog
{
    private const int MaxAttempts = 200;
    private const int MaxReadsAtOnce = 16;
    private const int KeptCheckpoints = 2;
    private const int MaxPauseMilliseconds = 250;

    private readonly IObjectStore _store;
    private readonly string _name;
    private readonly string _folder;

    internal Catalog(IObjectStore store, string name)
    {
        _store = store;
        _name = name;
        _folder = FolderOf(name);
    }

    /// <summary>Where all artifacts' keys are.</summary>
    public const string Root = "artifacts/";

    /// <summary>Where an artifact's keys are.</summary>
    public static string FolderOf(string name) => $"{Root}{Names.KeyOf(name)}/";

    /// <summary>Reads the state as it is now: a listing, the newest checkpoint, and what came after it.</summary>
    /// <returns>A state of no transactions when there are none.</returns>
    public async Task<CatalogState> ReadAsync(CancellationToken cancellationToken)
    {
        var state = await ReadCheckpointAsync(cancellationToken).ConfigureAwait(false) ?? new CatalogState(_name);
        await CatchUpAsync(state, ownId: null, cancellationToken).ConfigureAwait(false);
        return state;
    }

    /// <summary>Commits what <paramref name="decide"/> makes of the state; asked again whenever another came first.</summary>
    /// <param name="decide">Actions, or none when there is nothing to do; may throw.</param>
    /// <param name="runId">The run that this is done in.</param>
    /// <param name="cancellationToken">Stops the call; what was committed stays.</param>
    /// <returns>The state with the actions applied.</returns>
    public async Task<CatalogState> CommitAsync(
        Func<CatalogState, Task<IReadOnlyList<CatalogAction>>> decide,
        string? runId,
        CancellationToken cancellationToken
    )
    {
        var state = await ReadAsync(cancellationToken).ConfigureAwait(false);
        var random = new Random(Guid.NewGuid().GetHashCode());
        for (var attempt = 0; attempt < MaxAttempts; attempt++)
        {
            var actions = await decide(state).ConfigureAwait(false);
            if (actions.Count == 0)
                return state;
            var transaction = new CatalogTransaction
            {
                Number = state.LastTransaction + 1,
                Id = Guid.NewGuid().ToString("N"),
                Name = state.LastTransaction == 0 ? _name : state.Name,
                At = Timestamp.Now(),
                By = Author.Current,
                RunId = runId,
                Previous = state.LastDigest,
                Actions = actions,
            };
            var bytes = transaction.Encode();
            var created = await _store
                .TryCreateAsync(CatalogTransaction.KeyOf(_folder, transaction.Number), bytes, cancellationToken)
                .ConfigureAwait(false);
            if (created)
            {
                state.Apply(transaction, SealedRecord.Decode(bytes).Digest);
                await WriteCheckpointAsync(state, cancellationToken).ConfigureAwait(false);
                return state;
            }
            // The key may be ours all the same, if the answer to an earlier try was lost on its way.
            if (await CatchUpAsync(state, transaction.Id, cancellationToken).ConfigureAwait(false))
                return state;
            var longest = Math.Min(MaxPauseMilliseconds, 1 << Math.Min(attempt, 8));
            await Task.Delay(random.Next(longest + 1), cancellationToken).ConfigureAwait(false);
        }
        throw new StoreUnavailableException(
            _store.Location,
            $"others changed '{_name}' each of the {MaxAttempts} times that this change was tried. Run the command again."
        );
    }

    /// <summary>Streams all transactions, the first one first.</summary>
    public async IAsyncEnumerable<CatalogTransaction> HistoryAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        for (long number = 1; ; number++)
        {
            var record = await ReadTransactionAsync(number, cancellationToken).ConfigureAwait(false);
            if (record is null)
                yield break;
            yield return Checked(number, () => CatalogTransaction.Decode(record));
        }
    }

    private async Task<CatalogState?> ReadCheckpointAsync(CancellationToken cancellationToken)
    {
        var transactions = await ListCheckpointsAsync(cancellationToken).ConfigureAwait(false);
        foreach (var transaction in transactions)
        {
            try
            {
                var key = CatalogCheckpoint.KeyOf(_folder, transaction);
                var record = await SealedRecord.ReadAsync(_store, key, cancellationToken).ConfigureAwait(false);
                if (record is null)
                    continue;
                var state = CatalogCheckpoint.Decode(record);
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
        var keys = _store.ListAsync(CatalogCheckpoint.FolderOf(_folder), cancellationToken);
        await foreach (var key in keys.ConfigureAwait(false))
            if (CatalogCheckpoint.TransactionOf(key.Key) is > 0 and var transaction)
                transactions.Add(transaction);
        transactions.Sort((left, right) => right.CompareTo(left));
        return transactions;
    }

    // Reads on until a number is free: one at first, then more and more at once. True when one of them has the id.
    private async Task<bool> CatchUpAsync(CatalogState state, string? ownId, CancellationToken cancellationToken)
    {
        var found = false;
        for (var window = 1; ; window = Math.Min(2 * window, MaxReadsAtOnce))
        {
            var first = state.LastTransaction + 1;
            var reads = new List<Task<SealedRecord?>>();
            for (var i = 0; i < window; i++)
                reads.Add(ReadTransactionAsync(first + i, cancellationToken));
            var records = await Task.WhenAll(reads).ConfigureAwait(false);
            foreach (var record in records)
            {
                if (record is null)
                    return found;
                Checked(
                    state.LastTransaction + 1,
                    () =>
                    {
                        var transaction = CatalogTransaction.Decode(record);
                        state.Apply(transaction, record.Digest);
                        return found |= transaction.Id == ownId;
                    }
                );
            }
        }
    }

    private Task<SealedRecord?> ReadTransactionAsync(long number, CancellationToken cancellationToken) =>
        SealedRecord.ReadAsync(_store, CatalogTransaction.KeyOf(_folder, number), cancellationToken);

    private T Checked<T>(long number, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is InvalidDataException or OverflowException or ArgumentException)
        {
            throw new ObjectCorruptException(
                _store.Location,
                CatalogTransaction.KeyOf(_folder, number),
                $"it is no valid transaction ({e.Message})"
            );
        }
    }

    private async Task WriteCheckpointAsync(CatalogState state, CancellationToken cancellationToken)
    {
        if (state.LastTransaction % CatalogCheckpoint.Interval != 0)
            return;
        try
        {
            var key = CatalogCheckpoint.KeyOf(_folder, state.LastTransaction);
            await _store.TryCreateAsync(key, CatalogCheckpoint.Encode(state), cancellationToken).ConfigureAwait(false);
            var older = await ListCheckpointsAsync(cancellationToken).ConfigureAwait(false);
            foreach (var transaction in older.Skip(KeptCheckpoints))
                await _store
                    .DeleteAsync(CatalogCheckpoint.KeyOf(_folder, transaction), cancellationToken)
                    .ConfigureAwait(false);
        }
        catch (Exception e) when (e is ArtifactsException or OperationCanceledException)
        {
            // The transaction is committed; a checkpoint only makes reading it quicker, and the next one will do.
        }
    }
}
