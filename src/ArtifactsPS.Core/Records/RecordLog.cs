using System.Globalization;
using System.Runtime.CompilerServices;
using ArtifactsPS.Core.Storage;

namespace ArtifactsPS.Core.Records;

/// <summary>
/// A log of numbered records, beginning with 1. A record is appended by creating its key. If another writer has created
/// the key, the writer reads that record, decides again, and tries the next number.
/// </summary>
/// <param name="folder">Prefix of all keys, ending in <c>/</c>.</param>
/// <param name="subject">Subject of the log, for messages.</param>
internal sealed class RecordLog(IObjectStore store, string folder, string subject)
{
    /// <summary>Maximum number of records in the first two rounds of reading.</summary>
    public const int Few = 5;

    // A catalog has a checkpoint after every 32 records, so most reads end within 32. At most ten requests go beyond the
    // end, in no more rounds than doubling the window would need.
    private static readonly int[] ReadsAtOnce = [1, Few - 1, 8, 8, 11, 16];

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

    public string KeyOf(long number) => StoreLayout.NumberedKey(folder, number);

    /// <summary>Streams the records from a number to the end of the log: one at first, then several in parallel.</summary>
    public IAsyncEnumerable<(long Number, SealedRecord Record)> ReadAsync(
        long first,
        CancellationToken cancellationToken
    ) => ReadAsync(first, 0, cancellationToken);

    /// <summary>Streams the records from a number to the end of the log.</summary>
    /// <param name="first">Number of the first record.</param>
    /// <param name="expected">Number of records that probably exist; they are read in the first round.</param>
    public async IAsyncEnumerable<(long Number, SealedRecord Record)> ReadAsync(
        long first,
        int expected,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        for (var round = 0; ; round++)
        {
            var window = ReadsAtOnce[Math.Min(round, ReadsAtOnce.Length - 1)] + (round == 0 ? expected : 0);
            var reads = new List<Task<SealedRecord?>>();
            for (var i = 0; i < window; i++)
                reads.Add(SealedRecord.ReadAsync(store, KeyOf(first + i), cancellationToken));
            foreach (var record in await Task.WhenAll(reads).ConfigureAwait(false))
            {
                if (record is null)
                    yield break;
                yield return (first++, record);
            }
        }
    }

    /// <summary>Applies all records that follow a state.</summary>
    /// <param name="id">Id of a record to look for; null for none.</param>
    /// <returns>Whether the record with that id was applied.</returns>
    /// <exception cref="ObjectCorruptException">A record is damaged.</exception>
    public async Task<bool> CatchUpAsync(IState state, string? id, CancellationToken cancellationToken)
    {
        var found = false;
        await foreach (var (number, record) in ReadAsync(state.LastNumber + 1, cancellationToken).ConfigureAwait(false))
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
}
