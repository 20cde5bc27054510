using System.Globalization;
using System.Runtime.CompilerServices;
using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Records;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Values;
using Newtonsoft.Json.Linq;

namespace ArtifactsPS.Core.Maintenance.Checking;

/// <summary>
/// Replays the log of an artifact from its first transaction, and compares the checkpoints with it. After a missing or
/// damaged transaction it continues at the next checkpoint, as readers do. Without a later checkpoint, the versions
/// published afterwards are unreachable, and are reported as affected.
/// </summary>
internal sealed class CatalogCheck : LogCheck.IReceiver
{
    private readonly IObjectStore _store;
    private readonly StoreProblems _problems;
    private readonly string _checkpointFolder;
    private readonly string _logFolder;
    private readonly SortedDictionary<long, CatalogState> _checkpoints = [];
    private readonly List<(StoreProblemKind Kind, string Key, string Message)> _breaks = [];
    private readonly Dictionary<int, VersionRecord> _unreachable = [];
    private CatalogState _state;

    public CatalogCheck(IObjectStore store, ArtifactKey artifact, StoreProblems problems)
    {
        _store = store;
        _problems = problems;
        _checkpointFolder = StoreLayout.CheckpointFolder(artifact);
        _logFolder = StoreLayout.LogFolder(artifact);
        _state = new CatalogState(artifact, artifact.FirstName);
    }

    /// <summary>State after the reachable transactions.</summary>
    public CatalogState State => _state;

    /// <summary>Whether transactions are missing or damaged, and no checkpoint contains their result.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>Reads the live versions, and versions that would be live if all transactions were present.</summary>
    public async IAsyncEnumerable<VersionRecord> ReadVersionsAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        await foreach (var version in _state.ReadVersionsAsync(cancellationToken).ConfigureAwait(false))
            yield return version;
        foreach (var version in _unreachable.Values)
            yield return version;
    }

    public async Task CheckAsync(ArtifactKeys keys, CancellationToken cancellationToken)
    {
        foreach (var number in keys.Checkpoints.Numbers)
            await ReadCheckpointAsync(number, cancellationToken).ConfigureAwait(false);
        var lastKnown = _checkpoints.Count > 0 ? _checkpoints.Keys.Last() : 0;
        await new LogCheck(_store, _logFolder)
            .ReadAsync(keys.Log, lastKnown, this, cancellationToken)
            .ConfigureAwait(false);
        if (_breaks.Count == 0 || !await ReportOlderAsync(keys.Log, lastKnown, cancellationToken).ConfigureAwait(false))
            ReportBreaks();
    }

    async ValueTask LogCheck.IReceiver.TakeAsync(long number, SealedRecord record, CancellationToken cancellationToken)
    {
        var transaction = CatalogTransaction.Decode(record);
        if (transaction.Number != number)
            throw new InvalidDataException($"it is transaction {transaction.Number}");
        if (IsBroken)
        {
            foreach (var action in transaction.Actions)
                if (action is PublishAction publish)
                    _unreachable[publish.Record.Number] = publish.Record;
                else if (action is RestoreAction restore)
                    _unreachable[restore.Record.Number] = restore.Record;
                else if (action is DeleteAction delete)
                    _unreachable.Remove(delete.Version);
            return;
        }
        // Included in a checkpoint.
        if (number <= _state.LastTransaction)
            return;
        if (number > 1 && number == _state.LastTransaction + 1 && transaction.Previous != _state.LastDigest)
        {
            Break(
                StoreProblemKind.TransactionOverwritten,
                number,
                StoreLayout.NumberedKey(_logFolder, number),
                $"Transaction {number} of '{_state.Name}' does not follow transaction {number - 1}: another writer has "
                    + "overwritten one of them."
            );
            return;
        }
        _state.Apply(transaction, record.Digest);
        if (
            _checkpoints.TryGetValue(number, out var checkpoint)
            && !await AreSameAsync(checkpoint, _state, cancellationToken).ConfigureAwait(false)
        )
            _problems.Add(
                StoreProblemKind.CheckpointWrong,
                StoreLayout.NumberedKey(_checkpointFolder, number),
                $"This checkpoint of '{_state.Name}' differs from the transactions up to {number}.",
                "Delete the key: it is derived from the transactions, which are valid. If the store is remote, run "
                    + "Clear-ArtifactCache on each machine that used it."
            );
    }

    void LogCheck.IReceiver.Missing(long first, long last, string key) =>
        Break(
            StoreProblemKind.TransactionMissing,
            last,
            key,
            $"{LogCheck.Subject("Transaction", first, last, $"of '{_state.Name}'")} missing, but later ones exist."
        );

    void LogCheck.IReceiver.Damaged(long first, long last, string key, string fault) =>
        Break(
            StoreProblemKind.TransactionDamaged,
            last,
            key,
            $"{LogCheck.Subject("Transaction", first, last, $"of '{_state.Name}'")} damaged: {fault}."
        );

    private void Break(StoreProblemKind kind, long last, string key, string message)
    {
        _breaks.Add((kind, key, message));
        if (IsBroken || last <= _state.LastTransaction)
            return;
        var next = _checkpoints.FirstOrDefault(checkpoint => checkpoint.Key >= last).Value;
        IsBroken = next is null;
        _state = next ?? _state;
    }

    // A service with older values has lost nothing. Returns false if they don't complete the log.
    private async Task<bool> ReportOlderAsync(NumberedKeys keys, long last, CancellationToken cancellationToken)
    {
        var older = await new OlderTransactions(_store, _state.Key)
            .FindAsync(keys, last, cancellationToken)
            .ConfigureAwait(false);
        var affected = new Damage();
        affected.Add(_unreachable.Keys.Select(number => new VersionTree(_state.Key, _state.Name, number)));
        foreach (var (key, _) in older)
            _problems.Add(
                StoreProblemKind.OlderTransactionNeeded,
                key,
                $"The log of '{_state.Name}' needs an older value of this key, which was overwritten, deleted or damaged. The "
                    + "service keeps that value.",
                $"Run Repair-ArtifactStore, which makes it the current value. Do not publish to '{_state.Name}' before.",
                affected
            );
        return older.Count > 0;
    }

    private void ReportBreaks()
    {
        var affected = new Damage();
        affected.Add(_unreachable.Keys.Select(number => new VersionTree(_state.Key, _state.Name, number)));
        foreach (var (kind, key, message) in _breaks)
            _problems.Add(
                kind,
                key,
                IsBroken
                    ? $"{message} Later transactions are unreachable."
                    : $"{message} A checkpoint contains its result.",
                $"Restore the key from a copy of the store. Do not publish to '{_state.Name}' before.",
                affected
            );
    }

    private async Task ReadCheckpointAsync(long number, CancellationToken cancellationToken)
    {
        var key = StoreLayout.NumberedKey(_checkpointFolder, number);
        try
        {
            // Old checkpoints are deleted when new ones are written.
            if (await DerivedRecord.ReadAsync(_store, key, cancellationToken).ConfigureAwait(false) is not { } record)
                return;
            var state = CatalogCheckpoint.Decode(record, _state.Key, _ => new Pages(_store, _state.Key));
            if (state.LastTransaction != number)
                throw new InvalidDataException(
                    string.Format(
                        CultureInfo.InvariantCulture,
                        "it is that of '{0}' after transaction {1}",
                        state.Name,
                        state.LastTransaction
                    )
                );
            await foreach (var _ in state.ReadVersionsAsync(cancellationToken).ConfigureAwait(false)) { }
            _checkpoints.Add(number, state);
        }
        catch (Exception e) when (RecordFault.Is(e))
        {
            _problems.Add(
                StoreProblemKind.CheckpointDamaged,
                key,
                $"This checkpoint of '{_state.Name}' is damaged: {RecordFault.Describe(e)}.",
                "Delete the key: it is derived from the transactions, and is created again.",
                severity: ProblemSeverity.Warning
            );
        }
    }

    private static async Task<bool> AreSameAsync(
        CatalogState left,
        CatalogState right,
        CancellationToken cancellationToken
    )
    {
        if (
            left.LastDigest != right.LastDigest
            || left.NextVersion != right.NextVersion
            || !left
                .Names.All.Select(name => $"{name}")
                .SequenceEqual(right.Names.All.Select(name => $"{name}"), StringComparer.Ordinal)
            || left.LeadsTo != right.LeadsTo
            || left.Description != right.Description
            || !left.Tags.SequenceEqual(right.Tags)
            || left.Type != right.Type
            || left.Aliases.Count != right.Aliases.Count
            || left.Aliases.Any(alias => !right.Aliases.TryGetValue(alias.Key, out var number) || number != alias.Value)
            || !left.VersionNumbers.SequenceEqual(right.VersionNumbers)
            || !JToken.DeepEquals(left.RuleState.ToJson(), right.RuleState.ToJson())
            || !JToken.DeepEquals(left.Links.ToJson(), right.Links.ToJson())
        )
            return false;
        foreach (var number in left.VersionNumbers)
        {
            var one = await left.FindAsync(number, cancellationToken).ConfigureAwait(false);
            var other = await right.FindAsync(number, cancellationToken).ConfigureAwait(false);
            if (VersionPage.ToLine(one!) != VersionPage.ToLine(other!))
                return false;
        }
        return true;
    }

    // Pages of a checkpoint. A missing or damaged one is damage of the checkpoint.
    private sealed class Pages(IObjectStore store, ArtifactKey artifact) : StoredVersions.ISource
    {
        public async Task<SealedRecord?> ReadPageAsync(VersionPage page, CancellationToken cancellationToken)
        {
            var key = StoreLayout.VersionPageKey(StoreLayout.VersionPageFolder(artifact), page.Digest);
            return await DerivedRecord.ReadAsync(store, key, cancellationToken).ConfigureAwait(false)
                ?? throw new InvalidDataException($"its page '{key}' is missing");
        }

        public Task<CatalogState> ReplayAsync(CancellationToken cancellationToken) =>
            throw new InvalidDataException("one of its pages is damaged");

        public Exception Contradiction(string fault) => new InvalidDataException(fault);
    }
}
