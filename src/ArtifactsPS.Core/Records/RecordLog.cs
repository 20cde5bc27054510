using System.Runtime.CompilerServices;
using ArtifactsPS.Core.Storage;

namespace ArtifactsPS.Core.Records;

/// <summary>
/// A log of numbered records, beginning with 1. A record is appended by creating its key. If another writer has created
/// the key, the writer reads that record, decides again, and tries the next number.
/// <para>The end of the log is the highest number in a listing. A missing record below it is damage: it is an error for
/// readers and writers, and nothing is written in its place.</para>
/// </summary>
/// <param name="folder">Prefix of all keys, ending in <c>/</c>.</param>
/// <param name="subject">Subject of the log, for messages.</param>
internal sealed class RecordLog(IObjectStore store, string folder, string subject)
{
    private const int ReadsAtOnce = 16;

    // Fewer records are read as fast on one thread.
    private const int ManyRecords = 8 * ReadsAtOnce;

    /// <summary>State of a log after replaying its records.</summary>
    public interface IState
    {
        /// <summary>Number of the last applied record; 0 before the first.</summary>
        long LastNumber { get; }

        /// <summary>Applies the next record.</summary>
        /// <returns>Id of the record.</returns>
        /// <exception cref="InvalidDataException">The record does not belong to this log.</exception>
        string Apply(long number, SealedRecord record);
    }

    /// <summary>State that depends on the end of a log only, and is read in the same number of requests whatever the length of
    /// the log.</summary>
    public interface ITail : IState
    {
        /// <summary>Id of a record.</summary>
        /// <exception cref="InvalidDataException">The record does not belong to this log.</exception>
        string IdOf(long number, SealedRecord record);

        /// <summary>Takes the state after a record.</summary>
        /// <returns>False if the record has no effect, so that the state is that after the record before it.</returns>
        /// <exception cref="InvalidDataException">The record does not belong to this log.</exception>
        bool TryTake(long number, SealedRecord record);

        /// <summary>Sets the number of the last record of the log.</summary>
        void MoveTo(long last);
    }

    /// <summary>Key of a record that is not part of a segment.</summary>
    public string KeyOf(long number) => StoreLayout.NumberedKey(folder, number);

    /// <summary>Lists the keys after a number, and so finds the end of the log. Costs one listing.</summary>
    public Task<LogKeys> ListAsync(long after, CancellationToken cancellationToken) =>
        LogKeys.ListAsync(store, folder, after, cancellationToken);

    /// <summary>Reads a record.</summary>
    /// <returns>Null if the log has no such record.</returns>
    /// <exception cref="ObjectCorruptException">The record is damaged.</exception>
    public async Task<SealedRecord?> FindAsync(long number, CancellationToken cancellationToken) =>
        await SealedRecord.ReadAsync(store, KeyOf(number), cancellationToken).ConfigureAwait(false)
        ?? await FindInSegmentAsync(number, cancellationToken).ConfigureAwait(false);

    /// <summary>Creates a record, unless its number is taken.</summary>
    public Task<bool> TryCreateAsync(long number, byte[] record, CancellationToken cancellationToken) =>
        store.TryCreateAsync(KeyOf(number), record, cancellationToken);

    /// <summary>Whether a segment contains the number, so that a record under the number's own key does not count.</summary>
    public Task<bool> IsInSegmentAsync(long number, CancellationToken cancellationToken) =>
        store.ExistsAsync(StoreLayout.LogSegmentKey(folder, LogSegment.IndexOf(number)), cancellationToken);

    /// <summary>Streams the records from a number to the end of the log.</summary>
    /// <exception cref="ObjectCorruptException">A record is damaged.</exception>
    /// <exception cref="LogIncompleteException">A record is missing, but later ones exist.</exception>
    public async IAsyncEnumerable<(long Number, SealedRecord Record)> ReadAsync(
        long first,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var keys = await ListAsync(first - 1, cancellationToken).ConfigureAwait(false);
        await foreach (var item in ReadAsync(keys, first, keys.Last, cancellationToken).ConfigureAwait(false))
            yield return item;
    }

    /// <summary>Streams the records of a range.</summary>
    /// <param name="keys">Keys of the log, listed from <paramref name="first"/> or an earlier number.</param>
    /// <param name="last">Number of the last record, which is known to exist.</param>
    /// <exception cref="ObjectCorruptException">A record is damaged.</exception>
    /// <exception cref="LogIncompleteException">A record is missing.</exception>
    public async IAsyncEnumerable<(long Number, SealedRecord Record)> ReadAsync(
        LogKeys keys,
        long first,
        long last,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var next = first;
        while (next <= last)
        {
            if (keys.IsInSegment(next))
            {
                foreach (var item in await ReadSegmentAsync(next, last, cancellationToken).ConfigureAwait(false))
                    yield return item;
                next = LogSegment.LastOf(LogSegment.IndexOf(next)) + 1;
                continue;
            }
            var reads = new List<(long Number, Task<SealedRecord?> Record)>();
            for (; next <= last && reads.Count < ReadsAtOnce && !keys.IsInSegment(next); next++)
                reads.Add((next, ReadAsync(KeyOf(next), isOneOfMany: last - first >= ManyRecords, cancellationToken)));
            await Task.WhenAll(reads.Select(read => read.Record)).ConfigureAwait(false);
            foreach (var (number, read) in reads)
                // A missing record may have become part of a segment after the listing.
                yield return (
                    number,
                    await read.ConfigureAwait(false)
                        ?? await FindInSegmentAsync(number, cancellationToken).ConfigureAwait(false)
                        ?? throw Incomplete(number, "later ones exist")
                );
        }
    }

    // Some stores read files synchronously, so many are read on several threads.
    private Task<SealedRecord?> ReadAsync(string key, bool isOneOfMany, CancellationToken cancellationToken) =>
        isOneOfMany
            ? Task.Run(() => SealedRecord.ReadAsync(store, key, cancellationToken), cancellationToken)
            : SealedRecord.ReadAsync(store, key, cancellationToken);

    /// <summary>Applies all records that follow a state.</summary>
    /// <exception cref="ObjectCorruptException">A record is damaged.</exception>
    /// <exception cref="LogIncompleteException">A record is missing, but later ones exist.</exception>
    public async Task CatchUpAsync(IState state, CancellationToken cancellationToken)
    {
        var keys = await ListAsync(state.LastNumber, cancellationToken).ConfigureAwait(false);
        await CatchUpAsync(state, keys, 0, null, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Applies all records that follow a state.</summary>
    /// <param name="keys">Keys of the log, listed from the state's number or an earlier one.</param>
    /// <param name="known">Number of a record that exists, even if the listing does not show it; 0 for none.</param>
    /// <param name="id">Id of a record to look for; null for none.</param>
    /// <returns>Whether the record with that id was applied.</returns>
    /// <exception cref="ObjectCorruptException">A record is damaged.</exception>
    /// <exception cref="LogIncompleteException">A record is missing, but later ones exist.</exception>
    public async Task<bool> CatchUpAsync(
        IState state,
        LogKeys keys,
        long known,
        string? id,
        CancellationToken cancellationToken
    )
    {
        if (state is ITail tail)
            return await CatchUpAsync(tail, keys, known, id, cancellationToken).ConfigureAwait(false);
        var found = false;
        var records = ReadAsync(keys, state.LastNumber + 1, Math.Max(keys.Last, known), cancellationToken);
        await foreach (var (number, record) in records.ConfigureAwait(false))
            found |= Checked(number, () => state.Apply(number, record)) == id;
        return found;
    }

    /// <summary>Begins to append a record.</summary>
    /// <param name="state">State of the log, up to date or not. Each attempt that fails brings it up to date.</param>
    /// <param name="id">Id of the record, which identifies it if the answer to an attempt is lost.</param>
    public RecordAppender BeginAppend(IState state, string id) => new(this, store, subject, state, id);

    /// <summary>Reads data of a record, and reports invalid data as damage of its key.</summary>
    /// <exception cref="ObjectCorruptException">The record is damaged.</exception>
    public T Checked<T>(long number, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is InvalidDataException or OverflowException or ArgumentException)
        {
            throw new ObjectCorruptException(store.Location, KeyOf(number), $"the record is invalid: {e.Message}");
        }
    }

    /// <summary>Creates the exception for a missing record.</summary>
    /// <param name="evidence">Evidence that there was such a record, such as <c>later ones exist</c>.</param>
    public LogIncompleteException Incomplete(long number, string evidence) =>
        new(store.Location, subject, KeyOf(number), evidence);

    private async Task<bool> CatchUpAsync(
        ITail tail,
        LogKeys keys,
        long known,
        string? id,
        CancellationToken cancellationToken
    )
    {
        var last = Math.Max(keys.Last, known);
        // A listing of a network file system may lack a record that exists.
        for (var number = tail.LastNumber + 1; number <= last; number++)
            if (!keys.Contains(number))
                await GetAsync(keys, number, cancellationToken).ConfigureAwait(false);
        var found = false;
        if (known > 0 && id is not null)
        {
            var record = await GetAsync(keys, known, cancellationToken).ConfigureAwait(false);
            found = Checked(known, () => tail.IdOf(known, record)) == id;
        }
        for (var number = last; number > tail.LastNumber; number--)
        {
            var record = await GetAsync(keys, number, cancellationToken).ConfigureAwait(false);
            if (Checked(number, () => tail.TryTake(number, record)))
                break;
        }
        tail.MoveTo(last);
        return found;
    }

    // Gets a record that is known to exist.
    private async Task<SealedRecord> GetAsync(LogKeys keys, long number, CancellationToken cancellationToken)
    {
        await foreach (var (_, record) in ReadAsync(keys, number, number, cancellationToken).ConfigureAwait(false))
            return record;
        throw Incomplete(number, "later ones exist");
    }

    private async Task<SealedRecord?> FindInSegmentAsync(long number, CancellationToken cancellationToken)
    {
        var index = LogSegment.IndexOf(number);
        var records = await LogSegment.ReadAsync(store, folder, index, cancellationToken).ConfigureAwait(false);
        return records?[(int)(number - LogSegment.FirstOf(index))];
    }

    private async Task<IEnumerable<(long Number, SealedRecord Record)>> ReadSegmentAsync(
        long first,
        long last,
        CancellationToken cancellationToken
    )
    {
        var index = LogSegment.IndexOf(first);
        var records =
            await LogSegment.ReadAsync(store, folder, index, cancellationToken).ConfigureAwait(false)
            ?? throw Incomplete(first, "its segment was listed");
        var start = LogSegment.FirstOf(index);
        return records
            .Select((record, i) => (Number: start + i, Record: record))
            .Where(item => item.Number >= first && item.Number <= last);
    }
}
