using System.Globalization;
using System.Runtime.CompilerServices;
using ArtifactsPS.Core.Storage;

namespace ArtifactsPS.Core.Records;

/// <summary>
/// Records with the numbers 1, 2, 3, …, each a key that is created once: whoever creates the next one has the say, and
/// whoever finds it taken reads it, decides anew, and tries the number after.
/// </summary>
/// <param name="store">The store.</param>
/// <param name="folder">What the keys begin with, ending in <c>/</c>.</param>
/// <param name="subject">What the log is of, for messages.</param>
internal sealed class RecordLog(IObjectStore store, string folder, string subject)
{
    /// <summary>How many records the first two rounds of reading bring at the most.</summary>
    public const int Few = 5;

    // Catalogs, which have a checkpoint after every 32nd record, mostly end within as many: what is asked for past the
    // end is at most ten of them, in no more rounds than it takes to double what is asked for.
    private static readonly int[] ReadsAtOnce = [1, Few - 1, 8, 8, 11, 16];

    /// <summary>What a log's records come to, one by one.</summary>
    public interface IState
    {
        /// <summary>The number of the last record; 0 before the first.</summary>
        long LastNumber { get; }

        /// <summary>Takes in the next record.</summary>
        /// <returns>The record's own id.</returns>
        /// <exception cref="InvalidDataException">It is no record of this log.</exception>
        string Apply(long number, SealedRecord record);
    }

    /// <summary>The key of a record.</summary>
    public string KeyOf(long number) => StoreLayout.NumberedKey(folder, number);

    /// <summary>Streams the records from a number on, until one isn't there: one at first, then several at once.</summary>
    public IAsyncEnumerable<(long Number, SealedRecord Record)> ReadAsync(
        long first,
        CancellationToken cancellationToken
    ) => ReadAsync(first, 0, cancellationToken);

    /// <summary>The same, where some are believed to be there: they are read together with the first that may not be.</summary>
    public async IAsyncEnumerable<(long Number, SealedRecord Record)> ReadAsync(
        long first,
        int believed,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        for (var round = 0; ; round++)
        {
            var window = ReadsAtOnce[Math.Min(round, ReadsAtOnce.Length - 1)] + (round == 0 ? believed : 0);
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

    /// <summary>Takes in all records that a state hasn't.</summary>
    /// <param name="state">The state.</param>
    /// <param name="id">A record's id to look out for.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>Whether the record with that id was among them.</returns>
    /// <exception cref="ObjectCorruptException">A record can't be what it should be.</exception>
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

    /// <summary>Reads something of a record; what can't be right is told as damage of its key.</summary>
    /// <exception cref="ObjectCorruptException">The record can't be what it should be.</exception>
    public T Checked<T>(long number, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is InvalidDataException or OverflowException or ArgumentException)
        {
            throw new ObjectCorruptException(store.Location, KeyOf(number), $"it is no valid record ({e.Message})");
        }
    }
}
