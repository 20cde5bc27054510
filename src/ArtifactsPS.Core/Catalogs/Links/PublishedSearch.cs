using ArtifactsPS.Core.Records;

namespace ArtifactsPS.Core.Catalogs.Links;

/// <summary>Finds out whether a version was ever published, live or deleted. Reads the log backwards from its end, up to the first
/// number that the version can have.</summary>
/// <param name="state">State after all transactions that are read.</param>
/// <param name="first">Lowest number of the version.</param>
internal sealed class PublishedSearch(RecordLog log, CatalogState state, int first, Func<VersionRecord, bool> matches)
{
    // One group of concurrent reads.
    private const int RecordsAtOnce = 16;

    public async Task<bool> HasAnyAsync(CancellationToken cancellationToken)
    {
        var keys = await log.ListAsync(0, cancellationToken).ConfigureAwait(false);
        long start;
        for (var last = state.LastTransaction; last > 0; last = start - 1)
        {
            start = Math.Max(1, last - RecordsAtOnce + 1);
            var isPast = false;
            var records = log.ReadAsync(keys, start, last, cancellationToken);
            await foreach (var (number, record) in records.ConfigureAwait(false))
            {
                var transaction = log.Checked(number, () => CatalogTransaction.Decode(record));
                foreach (var publish in transaction.Actions.OfType<PublishAction>())
                    if (publish.Record.Number < first)
                        isPast = true;
                    else if (matches(publish.Record))
                        return true;
            }
            if (isPast)
                return false;
        }
        return false;
    }
}
