using ArtifactsPS.Core.Records;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Catalogs;

/// <summary>
/// Finds a deleted version as it was before it was last deleted. Reads the log backwards from the end, up to the action that
/// published or restored the version, and replays the actions from there. A version that was published recently is found in few
/// requests, however long the log is.
/// </summary>
/// <param name="state">State after all transactions that are read.</param>
/// <param name="number">Number of the version.</param>
internal sealed class DeletedVersionSearch(RecordLog log, CatalogState state, int number)
{
    // One group of concurrent reads.
    private const int RecordsAtOnce = 16;

    // Numbers of the live versions before the oldest action that was read.
    private readonly SortedSet<int> _live = [.. state.VersionNumbers];

    // From the deletion backwards, newest first.
    private readonly List<Step> _steps = [];
    private bool _isFirstFound;

    /// <returns>Null if no version of that number was deleted.</returns>
    public async Task<DeletedVersion?> FindAsync(CancellationToken cancellationToken)
    {
        var keys = await log.ListAsync(0, cancellationToken).ConfigureAwait(false);
        long first;
        for (var last = state.LastTransaction; last > 0; last = first - 1)
        {
            var index = LogSegment.IndexOf(last);
            first = LogSegment.FirstOf(index);
            if (!keys.IsInSegment(last))
                first = Math.Max(first, last - RecordsAtOnce + 1);
            var transactions = new Stack<CatalogTransaction>();
            var records = log.ReadAsync(keys, first, last, cancellationToken);
            await foreach (var (item, record) in records.ConfigureAwait(false))
                transactions.Push(log.Checked(item, () => CatalogTransaction.Decode(record)));
            foreach (var transaction in transactions)
            foreach (var action in transaction.Actions.Reverse())
                if (TakeBackwards(transaction.Number, action))
                    return Replay();
        }
        return _steps.Count > 0 ? Replay() : null;
    }

    // Returns whether the state before the action doesn't matter.
    private bool TakeBackwards(long transaction, CatalogAction action)
    {
        if (action is DeleteAction delete)
            _live.Add(delete.Version);
        else if (Added(action) is { } added)
            _live.Remove(added.Number);
        if (_steps.Count == 0 && (action as DeleteAction)?.Version != number)
            return false;
        _steps.Add(new Step(transaction, action));
        _isFirstFound |= Added(action)?.Number == number;
        return _isFirstFound && SetsLatest(action);
    }

    private DeletedVersion? Replay()
    {
        VersionRecord? record = null;
        var aliases = new Dictionary<AliasName, int>();
        for (var i = _steps.Count - 1; i > 0; i--)
        {
            var (transaction, action) = _steps[i];
            switch (action)
            {
                case PublishAction publish:
                    _live.Add(publish.Record.Number);
                    SetLatest(publish.Record.Number);
                    break;
                case RestoreAction restore:
                    _live.Add(restore.Record.Number);
                    if (!aliases.ContainsKey(AliasName.Latest))
                        SetLatest(restore.Record.Number);
                    break;
                case SetAliasAction alias:
                    aliases.Remove(alias.Alias);
                    aliases.Add(alias.Alias, alias.Version);
                    break;
                case RemoveAliasAction alias:
                    aliases.Remove(alias.Alias);
                    break;
                case DeleteAction delete:
                    _live.Remove(delete.Version);
                    foreach (var alias in AliasesOf(delete.Version))
                        aliases.Remove(alias);
                    if (_live.Count > 0 && !aliases.ContainsKey(AliasName.Latest))
                        SetLatest(_live.Max);
                    break;
            }
            if (action.Concerns(number))
                record = log.Checked(transaction, () => Added(action) ?? record?.After(action));
        }
        return record is null
            ? null
            : new DeletedVersion(
                record,
                [
                    .. AliasesOf(number)
                        .OrderBy(alias => !alias.IsLatest)
                        .ThenBy(alias => alias.ToString(), CaseInsensitiveName.Comparer),
                ]
            );

        void SetLatest(int version)
        {
            aliases.Remove(AliasName.Latest);
            aliases.Add(AliasName.Latest, version);
        }

        List<AliasName> AliasesOf(int version) =>
            [.. aliases.Where(alias => alias.Value == version).Select(alias => alias.Key)];
    }

    private static VersionRecord? Added(CatalogAction action) =>
        action switch
        {
            PublishAction publish => publish.Record,
            RestoreAction restore => restore.Record,
            _ => null,
        };

    // Deleting and restoring a version set it only in some states.
    private static bool SetsLatest(CatalogAction action) =>
        action is PublishAction
        || action is SetAliasAction { Alias.IsLatest: true }
        || action is RemoveAliasAction { Alias.IsLatest: true };

    private readonly record struct Step(long Transaction, CatalogAction Action);
}
