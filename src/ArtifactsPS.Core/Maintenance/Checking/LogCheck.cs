using ArtifactsPS.Core.Records;
using ArtifactsPS.Core.Storage;

namespace ArtifactsPS.Core.Maintenance.Checking;

/// <summary>Reads a log record by record, and goes on where one is gone or damaged, at which a reader would stop.</summary>
/// <param name="store">The store.</param>
/// <param name="log">The log.</param>
internal sealed class LogCheck(IObjectStore store, RecordLog log)
{
    private const int ReadsAtOnce = 16;

    /// <summary>Hands on each record that is there, and each that isn't, in the order of numbers.</summary>
    /// <param name="keys">The log's keys.</param>
    /// <param name="last">The last number that must be there.</param>
    /// <param name="take">Given a number and its record; throws <see cref="InvalidDataException"/> where it doesn't fit.</param>
    /// <param name="missing">Told of the first and last number of each gap.</param>
    /// <param name="damaged">Told of the number of a record that can't be read or doesn't fit, and why.</param>
    /// <param name="cancellationToken">Stops the call.</param>
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
                if (await record.ConfigureAwait(false) is { } there)
                    take(number, there);
                else
                    missing(number, number);
            }
            catch (Exception e) when (RecordFault.Is(e))
            {
                damaged(number, RecordFault.Describe(e));
            }
        }
    }

    // A listing may miss what is created while it goes on, and have what was created after that.
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
