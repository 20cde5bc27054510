using ArtifactsPS.Core.Records;
using ArtifactsPS.Core.Storage;

namespace ArtifactsPS.Core.Maintenance.Checking;

/// <summary>Reads all records of a log, and continues after missing and damaged ones.</summary>
internal sealed class LogCheck(IObjectStore store, RecordLog log)
{
    private const int ReadsAtOnce = 16;

    /// <summary>Passes each record, gap and damaged record to a delegate, in the order of numbers.</summary>
    /// <param name="last">Number up to which all records must exist.</param>
    /// <param name="take">Receives a number and its record. Throws <see cref="InvalidDataException"/> for an invalid record.</param>
    /// <param name="missing">Receives the first and last number of each gap.</param>
    /// <param name="damaged">Receives the number of an invalid record and the reason.</param>
    public async Task ReadAsync(
        NumberedKeys keys,
        long last,
        Action<long, SealedRecord> take,
        Action<long, long> missing,
        Action<long, string> damaged,
        CancellationToken cancellationToken
    )
    {
        await AddLateKeysAsync(keys, last, cancellationToken).ConfigureAwait(false);
        using var gaps = keys.Gaps(last).GetEnumerator();
        var gap = gaps.MoveNext();
        var reading = new Queue<(long Number, Task<SealedRecord?> Record)>();
        foreach (var number in keys.Numbers)
        {
            reading.Enqueue((number, SealedRecord.ReadAsync(store, log.KeyOf(number), cancellationToken)));
            if (reading.Count == ReadsAtOnce)
                await TakeNextAsync().ConfigureAwait(false);
        }
        while (reading.Count > 0)
            await TakeNextAsync().ConfigureAwait(false);
        if (gap)
            missing(gaps.Current.First, gaps.Current.Last);

        async Task TakeNextAsync()
        {
            var (number, record) = reading.Dequeue();
            if (gap && gaps.Current.Last < number)
            {
                missing(gaps.Current.First, gaps.Current.Last);
                gap = gaps.MoveNext();
            }
            try
            {
                if (await record.ConfigureAwait(false) is { } found)
                    take(number, found);
                else
                    missing(number, number);
            }
            catch (Exception e) when (RecordFault.Is(e))
            {
                damaged(number, RecordFault.Describe(e));
            }
        }
    }

    // A listing may miss a key that is created meanwhile, but contain a later one.
    private async Task AddLateKeysAsync(NumberedKeys keys, long last, CancellationToken cancellationToken)
    {
        foreach (var gap in keys.Gaps(last).ToList())
            for (var number = gap.First; number <= gap.Last; number++)
            {
                if (!await store.ExistsAsync(log.KeyOf(number), cancellationToken).ConfigureAwait(false))
                    break;
                keys.Numbers.Add(number);
            }
    }
}
