using ArtifactsPS.Core.Records;
using ArtifactsPS.Core.Storage;

namespace ArtifactsPS.Core.Maintenance.Checking;

/// <summary>Reads all records of a log, and continues after missing and damaged ones.</summary>
/// <param name="folder">Folder of the log.</param>
internal sealed class LogCheck(IObjectStore store, string folder)
{
    private const int ReadsAtOnce = 16;

    /// <summary>Receives the content of a log in the order of numbers.</summary>
    public interface IReceiver
    {
        /// <summary>Receives a record.</summary>
        /// <exception cref="InvalidDataException">The record is invalid.</exception>
        ValueTask TakeAsync(long number, SealedRecord record, CancellationToken cancellationToken);

        /// <summary>Receives a range of missing records.</summary>
        /// <param name="key">Key of the first one.</param>
        void Missing(long first, long last, string key);

        /// <summary>Receives a damaged record, or the range of a damaged segment.</summary>
        /// <param name="fault">Description of the damage, without a full stop.</param>
        void Damaged(long first, long last, string key, string fault);
    }

    /// <summary>Subject of a sentence about a range of records, with its verb: <c>Transactions 3 to 5 of 'a' are</c>.</summary>
    /// <param name="noun">Noun for one record, capitalized. Its plural adds an s.</param>
    /// <param name="log">Phrase that names the log.</param>
    public static string Subject(string noun, long first, long last, string log) =>
        first == last ? $"{noun} {first} {log} is" : $"{noun}s {first} to {last} {log} are";

    /// <summary>Passes each record, gap and damaged record to a receiver.</summary>
    /// <param name="last">Number up to which all records must exist; 0 if unknown.</param>
    public async Task ReadAsync(NumberedKeys keys, long last, IReceiver receiver, CancellationToken cancellationToken)
    {
        await AddLateKeysAsync(keys, last, cancellationToken).ConfigureAwait(false);
        var reading = new Queue<(long Number, Task<SealedRecord?> Record)>();
        long next = 1;
        foreach (var (first, end) in keys.Ranges())
        {
            if (first > next)
            {
                await TakeReadAsync(0).ConfigureAwait(false);
                receiver.Missing(next, first - 1, KeyOf(next));
            }
            if (first == end)
                reading.Enqueue((first, SealedRecord.ReadAsync(store, KeyOf(first), cancellationToken)));
            await TakeReadAsync(first == end ? ReadsAtOnce - 1 : 0).ConfigureAwait(false);
            if (first < end)
                await TakeSegmentAsync(first, end, receiver, cancellationToken).ConfigureAwait(false);
            next = end + 1;
        }
        await TakeReadAsync(0).ConfigureAwait(false);
        if (last >= next)
            receiver.Missing(next, last, KeyOf(next));

        async Task TakeReadAsync(int remaining)
        {
            while (reading.Count > remaining)
            {
                var (number, record) = reading.Dequeue();
                try
                {
                    if (await record.ConfigureAwait(false) is { } found)
                        await receiver.TakeAsync(number, found, cancellationToken).ConfigureAwait(false);
                    else
                        receiver.Missing(number, number, KeyOf(number));
                }
                catch (Exception e) when (RecordFault.Is(e))
                {
                    receiver.Damaged(number, number, KeyOf(number), RecordFault.Describe(e));
                }
            }
        }
    }

    private async Task TakeSegmentAsync(long first, long last, IReceiver receiver, CancellationToken cancellationToken)
    {
        var index = LogSegment.IndexOf(first);
        var number = first;
        try
        {
            var records =
                await LogSegment.ReadAsync(store, folder, index, cancellationToken).ConfigureAwait(false)
                ?? throw new InvalidDataException("it is missing");
            for (; number <= last; number++)
                await receiver
                    .TakeAsync(number, records[(int)(number - first)], cancellationToken)
                    .ConfigureAwait(false);
        }
        catch (Exception e) when (RecordFault.Is(e))
        {
            var key = StoreLayout.LogSegmentKey(folder, index);
            receiver.Damaged(number, last, key, RecordFault.Describe(e));
        }
    }

    private string KeyOf(long number) => StoreLayout.NumberedKey(folder, number);

    // A listing may miss a key that is created meanwhile, but contain a later one.
    private async Task AddLateKeysAsync(NumberedKeys keys, long last, CancellationToken cancellationToken)
    {
        foreach (var gap in keys.Gaps(last).ToList())
            for (var number = gap.First; number <= gap.Last; number++)
            {
                var index = LogSegment.IndexOf(number);
                if (
                    await store
                        .ExistsAsync(StoreLayout.LogSegmentKey(folder, index), cancellationToken)
                        .ConfigureAwait(false)
                )
                {
                    keys.Segments.Add(index);
                    number = LogSegment.LastOf(index);
                }
                else if (await store.ExistsAsync(KeyOf(number), cancellationToken).ConfigureAwait(false))
                    keys.Numbers.Add(number);
                else
                    break;
            }
    }
}
