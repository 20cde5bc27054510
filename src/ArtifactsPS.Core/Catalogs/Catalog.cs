using ArtifactsPS.Core.Catalogs.Links;
using ArtifactsPS.Core.Catalogs.Rules;
using ArtifactsPS.Core.Records;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Catalogs;

/// <summary>
/// Transaction log of one artifact. Creating the key with the next number commits a transaction. A writer that finds the key
/// taken reads that transaction, decides again, and tries the number after it.
/// <para>A catalog that is opened by a name is that of the artifact to which the name leads.</para>
/// </summary>
public sealed class Catalog
{
    // With more transactions after a cached state, a checkpoint probably saves requests.
    private const int Few = 16;

    private readonly ArtifactKey _key;
    private readonly ArtifactName _name;

    // Whether to follow the name to an artifact with another key.
    private readonly bool _follows;
    private readonly IObjectStore _store;
    private readonly CatalogCheckpoints _checkpoints;
    private readonly RecordLog _log;
    private readonly CatalogCache? _cache;
    private readonly IVersionAttestations? _attestations;

    private static long commitsOfProcess;

    /// <param name="cache">Catalogs of this store that were read before; null where nothing is cached.</param>
    /// <param name="attestations">Signatures and evidence of the versions; null for none.</param>
    internal Catalog(
        IObjectStore store,
        ArtifactName name,
        CatalogCache? cache = null,
        IVersionAttestations? attestations = null
    )
        : this(store, ArtifactKey.Of(name), name, follows: true, cache, attestations) { }

    /// <summary>Opens the log with a key, wherever its name leads.</summary>
    /// <inheritdoc cref="Catalog(IObjectStore, ArtifactName, CatalogCache?, IVersionAttestations?)" path="/param"/>
    internal Catalog(
        IObjectStore store,
        ArtifactKey key,
        CatalogCache? cache = null,
        IVersionAttestations? attestations = null
    )
        : this(store, key, key.FirstName, follows: false, cache, attestations) { }

    private Catalog(
        IObjectStore store,
        ArtifactKey key,
        ArtifactName name,
        bool follows,
        CatalogCache? cache,
        IVersionAttestations? attestations
    )
    {
        _key = key;
        _name = name;
        _follows = follows;
        _store = store;
        Rules = new AliasRuleLog(store);
        Protection = new AliasProtection(Rules, attestations);
        _attestations = attestations;
        _cache = cache;
        _checkpoints = new CatalogCheckpoints(store, key, cache);
        _log = new RecordLog(store, StoreLayout.LogFolder(key), $"'{name}'");
    }

    /// <summary>Number of transactions that this process has tried to commit, in any store. A state that was read before the
    /// number changed may be outdated.</summary>
    public static long CommitsOfProcess => Interlocked.Read(ref commitsOfProcess);

    /// <summary>Name by which the catalog was opened; null if it was opened by its key.</summary>
    internal ArtifactName? OpenedName => _follows ? _name : null;

    /// <summary>Rules of the store.</summary>
    internal AliasRuleLog Rules { get; }

    /// <summary>Applies the rules to transactions.</summary>
    internal AliasProtection Protection { get; }

    /// <summary>Reads the current state: the newest checkpoint, and the transactions after it. Where the state is cached, only
    /// its last transaction and the ones after it.</summary>
    /// <returns>An empty state if there are no transactions.</returns>
    /// <exception cref="ObjectCorruptException">A transaction is damaged.</exception>
    /// <exception cref="LogIncompleteException">A transaction is missing, but the store shows later ones.</exception>
    public async Task<CatalogState> ReadAsync(CancellationToken cancellationToken)
    {
        var state = await ReadLogAsync(cancellationToken).ConfigureAwait(false);
        return _follows && state.LeadsTo is { } artifact
            ? await FollowAsync(state, artifact, cancellationToken).ConfigureAwait(false)
            : state;
    }

    private async Task<CatalogState> ReadLogAsync(CancellationToken cancellationToken)
    {
        if (await ReadCachedAsync(cancellationToken).ConfigureAwait(false) is { } current)
            return current;
        var (state, keys) = await ReadCheckpointAsync(cancellationToken).ConfigureAwait(false);
        await _log.CatchUpAsync(new Replay(state), keys, 0, null, cancellationToken).ConfigureAwait(false);
        if (state.LastTransaction > 0)
            await SaveToCacheAsync(state, cancellationToken).ConfigureAwait(false);
        return state;
    }

    /// <summary>Reads the current state. Costs one listing if nothing has changed since the known state.</summary>
    /// <param name="known">An earlier state of this catalog.</param>
    public async Task<CatalogState> ReadAgainAsync(CatalogState known, CancellationToken cancellationToken) =>
        (await At(known.Key)._log.ListAsync(known.LastTransaction, cancellationToken).ConfigureAwait(false)).Last
        == known.LastTransaction
            ? known
            : await ReadAsync(cancellationToken).ConfigureAwait(false);

    /// <summary>Applies the transactions that follow a state of this catalog.</summary>
    /// <exception cref="ObjectCorruptException">A transaction is damaged.</exception>
    /// <exception cref="LogIncompleteException">A transaction is missing.</exception>
    internal Task CatchUpAsync(CatalogState state, CancellationToken cancellationToken) =>
        _log.CatchUpAsync(new Replay(state), cancellationToken);

    /// <summary>Commits one transaction.</summary>
    /// <param name="decide">Returns the actions for a state, and a result for the caller. No actions: nothing is committed.
    /// Called again on a newer state whenever another transaction came first. May throw.</param>
    /// <param name="runId">Id of the run that commits it; null for none.</param>
    /// <param name="cancellationToken">Cancels the call; a committed transaction stays.</param>
    /// <returns>The state with the actions applied, and the result of the last decision.</returns>
    /// <exception cref="AliasProtectedException">A rule refuses to move or remove an alias.</exception>
    public async Task<(CatalogState State, T Result)> CommitAsync<T>(
        Func<CatalogState, CancellationToken, ValueTask<(IReadOnlyList<CatalogAction> Actions, T Result)>> decide,
        RunId? runId,
        CancellationToken cancellationToken
    )
    {
        var update = await BeginUpdateAsync(runId, cancellationToken).ConfigureAwait(false);
        while (true)
        {
            var (actions, result) = await decide(update.State, cancellationToken).ConfigureAwait(false);
            if (actions.Count == 0 || await update.TryCommitAsync(actions, cancellationToken).ConfigureAwait(false))
                return (update.State, result);
        }
    }

    /// <summary>Commits one transaction whose decision reads nothing.</summary>
    /// <inheritdoc cref="CommitAsync{T}(Func{CatalogState, CancellationToken, ValueTask{ValueTuple{IReadOnlyList{CatalogAction}, T}}}, RunId?, CancellationToken)"/>
    public Task<(CatalogState State, T Result)> CommitAsync<T>(
        Func<CatalogState, (IReadOnlyList<CatalogAction> Actions, T Result)> decide,
        RunId? runId,
        CancellationToken cancellationToken
    ) =>
        CommitAsync(
            (state, _) => new ValueTask<(IReadOnlyList<CatalogAction>, T)>(decide(state)),
            runId,
            cancellationToken
        );

    /// <summary>Commits one transaction whose decision reads nothing and has no result.</summary>
    /// <param name="decide">Returns the actions for a state. No actions: nothing is committed. Called again on a newer state
    /// whenever another transaction came first. May throw.</param>
    /// <returns>The state with the actions applied.</returns>
    public async Task<CatalogState> CommitAsync(
        Func<CatalogState, IReadOnlyList<CatalogAction>> decide,
        RunId? runId,
        CancellationToken cancellationToken
    )
    {
        var (state, _) = await CommitAsync(state => (decide(state), true), runId, cancellationToken)
            .ConfigureAwait(false);
        return state;
    }

    /// <summary>Reads the state and begins one transaction on it.</summary>
    /// <param name="runId">Id of the run that commits it; null for none.</param>
    internal async Task<CatalogUpdate> BeginUpdateAsync(RunId? runId, CancellationToken cancellationToken) =>
        new(this, await ReadAsync(cancellationToken).ConfigureAwait(false), runId);

    /// <summary>Creates a transaction without actions, unless the number is taken. No writer can commit under the number
    /// afterwards.</summary>
    /// <exception cref="LogIncompleteException">The transaction before it is missing.</exception>
    internal async Task TakeNumberAsync(long number, CancellationToken cancellationToken)
    {
        if (await _log.IsInSegmentAsync(number, cancellationToken).ConfigureAwait(false))
            return;
        var previous =
            number == 1
                ? null
                : await _log.FindAsync(number - 1, cancellationToken).ConfigureAwait(false)
                    ?? throw _log.Incomplete(number - 1, "a writer has read it");
        var transaction = new CatalogTransaction
        {
            Number = number,
            Id = Guid.NewGuid().ToString("N"),
            Name = _name,
            At = Timestamp.Now(),
            By = Author.Current,
            Previous = previous?.Digest,
            Actions = [],
        };
        await _log.TryCreateAsync(number, transaction.Encode(), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Opens the log with a key.</summary>
    internal Catalog At(ArtifactKey key) => key == _key ? this : new Catalog(_store, key, _cache, _attestations);

    /// <summary>Begins to append a transaction to a state of this catalog.</summary>
    internal RecordAppender BeginAppend(CatalogState state, string id) => _log.BeginAppend(new Replay(state), id);

    /// <summary>Counts a commit whose outcome is known, or will never be.</summary>
    internal static void CountCommit() => Interlocked.Increment(ref commitsOfProcess);

    /// <summary>Saves a state after a transaction: as a checkpoint where one is due, and in the cache.</summary>
    internal async Task SaveAsync(CatalogState state, CancellationToken cancellationToken)
    {
        await _checkpoints.WriteAsync(state, cancellationToken).ConfigureAwait(false);
        try
        {
            await SaveToCacheAsync(state, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The transaction is committed.
        }
    }

    /// <summary>Finds a deleted version as it was before it was last deleted.</summary>
    /// <param name="state">Current state of this catalog.</param>
    /// <returns>Null if no version of that number was deleted.</returns>
    internal Task<DeletedVersion?> FindDeletedAsync(
        CatalogState state,
        int number,
        CancellationToken cancellationToken
    ) => new DeletedVersionSearch(At(state.Key)._log, state, number).FindAsync(cancellationToken);

    /// <summary>Finds the transaction that last set, moved or removed an alias.</summary>
    /// <param name="state">Current state of this catalog.</param>
    /// <returns>Null if the alias was never set.</returns>
    internal Task<CatalogTransaction?> FindMoveAsync(
        CatalogState state,
        AliasName alias,
        CancellationToken cancellationToken
    ) => new AliasMoveSearch(At(state.Key)._log, state, alias).FindAsync(cancellationToken);

    /// <summary>Whether a version was ever published, live or deleted.</summary>
    /// <param name="state">Current state of this catalog.</param>
    /// <param name="first">Lowest number of the version.</param>
    internal Task<bool> HasPublishedAsync(
        CatalogState state,
        int first,
        Func<VersionRecord, bool> matches,
        CancellationToken cancellationToken
    ) => new PublishedSearch(At(state.Key)._log, state, first, matches).HasAnyAsync(cancellationToken);

    /// <summary>Streams all transactions, oldest first.</summary>
    public IAsyncEnumerable<CatalogTransaction> HistoryAsync(CancellationToken cancellationToken) =>
        new CatalogHistory(_log, OpenedName, At).ReadAsync(cancellationToken);

    // Until the artifact's log has the name, the name leads nowhere.
    private async Task<CatalogState> FollowAsync(
        CatalogState claim,
        ArtifactKey artifact,
        CancellationToken cancellationToken
    )
    {
        var state = await At(artifact).ReadAsync(cancellationToken).ConfigureAwait(false);
        return state.Names.Contains(_name) ? state : claim;
    }

    // Brings the cached state up to date. Null where nothing is cached, where a checkpoint probably saves requests, and where
    // the log does not have the state's last transaction: the store may have been restored from a copy.
    private async Task<CatalogState?> ReadCachedAsync(CancellationToken cancellationToken)
    {
        if (_cache?.Find(_key, number => _checkpoints.SourceOf(number, "", ReplayAsync)) is not { } state)
            return null;
        var cached = state.LastTransaction;
        var listing = _log.ListAsync(cached, cancellationToken);
        try
        {
            var last = await _log.FindAsync(cached, cancellationToken).ConfigureAwait(false);
            var keys = await listing.ConfigureAwait(false);
            if (last?.Digest != state.LastDigest || keys.Last > cached + Few)
                return null;
            await _log.CatchUpAsync(new Replay(state), keys, 0, null, cancellationToken).ConfigureAwait(false);
            if (state.LastTransaction > cached)
                await SaveToCacheAsync(state, cancellationToken).ConfigureAwait(false);
            return state;
        }
        catch (Exception e) when (e is ObjectCorruptException or LogIncompleteException)
        {
            // A checkpoint may make the transaction unnecessary. Otherwise the fault is found again, and reported.
            await listing.ConfigureAwait(false);
            return null;
        }
    }

    // Reads the newest undamaged checkpoint, and the keys of the transactions after it. Without one, begins with an empty
    // state.
    private async Task<(CatalogState State, LogKeys Keys)> ReadCheckpointAsync(CancellationToken cancellationToken)
    {
        foreach (var transaction in await _checkpoints.ListAsync(cancellationToken).ConfigureAwait(false))
        {
            // The listing includes the checkpoint's own transaction, which must exist.
            var listing = _log.ListAsync(transaction - 1, cancellationToken);
            var state = await _checkpoints
                .TryReadAsync(transaction, ReplayAsync, cancellationToken)
                .ConfigureAwait(false);
            var keys = await listing.ConfigureAwait(false);
            if (state is not null)
                return keys.Contains(transaction)
                    ? (state, keys)
                    : throw _log.Incomplete(transaction, $"there is a checkpoint of transaction {transaction}");
        }
        return (new CatalogState(_key, _name), await _log.ListAsync(0, cancellationToken).ConfigureAwait(false));
    }

    // Replays the log from its beginning to a transaction.
    private async Task<CatalogState> ReplayAsync(long last, CancellationToken cancellationToken)
    {
        var state = new CatalogState(_key, _name);
        var replay = new Replay(state);
        var keys = await _log.ListAsync(0, cancellationToken).ConfigureAwait(false);
        await foreach (var (number, record) in _log.ReadAsync(keys, 1, last, cancellationToken).ConfigureAwait(false))
            _log.Checked(number, () => replay.Apply(number, record));
        return state;
    }

    private async Task SaveToCacheAsync(CatalogState state, CancellationToken cancellationToken)
    {
        if (_cache is null)
            return;
        try
        {
            await _cache.SaveAsync(state, cancellationToken).ConfigureAwait(false);
        }
        catch (ArtifactsException)
        {
            // A page or a transaction is damaged. It is reported where it is needed.
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
