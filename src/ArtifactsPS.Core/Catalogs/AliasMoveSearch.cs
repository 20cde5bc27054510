using ArtifactsPS.Core.Records;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Catalogs;

/// <summary>Finds the transaction that last set, moved or removed an alias. Reads the log backwards from its end.</summary>
/// <param name="state">State after all transactions that are read.</param>
internal sealed class AliasMoveSearch(RecordLog log, CatalogState state, AliasName alias)
{
    private const int RecordsAtOnce = 16;

    // The oldest deletion of each version after the position of the search.
    private readonly Dictionary<int, CatalogTransaction> _deletions = [];

    /// <returns>Null if the alias was never set.</returns>
    public async Task<CatalogTransaction?> FindAsync(CancellationToken cancellationToken)
    {
        var keys = await log.ListAsync(0, cancellationToken).ConfigureAwait(false);
        long first;
        for (var last = state.LastTransaction; last > 0; last = first - 1)
        {
            first = Math.Max(1, last - RecordsAtOnce + 1);
            var transactions = new Stack<CatalogTransaction>();
            await foreach (
                var (number, record) in log.ReadAsync(keys, first, last, cancellationToken).ConfigureAwait(false)
            )
                transactions.Push(log.Checked(number, () => CatalogTransaction.Decode(record)));
            foreach (var transaction in transactions)
            foreach (var action in transaction.Actions.Reverse())
                if (TakeBackwards(transaction, action) is { } found)
                    return found;
        }
        return null;
    }

    private CatalogTransaction? TakeBackwards(CatalogTransaction transaction, CatalogAction action)
    {
        switch (action)
        {
            case RemoveAliasAction removal when removal.Alias == alias:
                return transaction;
            case SetAliasAction set when set.Alias == alias:
                return Since(set.Version, transaction);
            case PublishAction publish when alias.IsLatest:
                return Since(publish.Record.Number, transaction);
            case DeleteAction delete:
                _deletions[delete.Version] = transaction;
                return null;
            default:
                return null;
        }
    }

    // Deleting the version that has an alias removes the alias.
    private CatalogTransaction Since(int version, CatalogTransaction set) =>
        _deletions.TryGetValue(version, out var deletion) ? deletion : set;
}
