using System.Diagnostics;
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
    private const int MaxAttempts = 64;

    /// <summary>How many records the first two rounds of reading bring at the most.</summary>
    public const int Few = 5;

    // Catalogs, which have a checkpoint after every 32nd record, mostly end within as many: what is asked for past the
    // end is at most ten of them, in no more rounds than it takes to double what is asked for.
    private static readonly int[] ReadsAtOnce = [1, Few - 1, 8, 8, 11, 16];

    private const int MaxDoublings = 14;
    private const double MaxPauseMilliseconds = 15_000;

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

    /// <summary>Appends what is decided on a state; asked again whenever another came first.</summary>
    /// <param name="state">The state, up to date or not; it is afterwards.</param>
    /// <param name="id">The id of the record, by which it is known again if the answer to a try was lost on its way.</param>
    /// <param name="decide">Makes the next record, or null when there is nothing to do; may throw.</param>
    /// <param name="cancellationToken">Stops the call; what was appended stays.</param>
    /// <returns>Whether a record was appended.</returns>
    /// <exception cref="StoreUnavailableException">Others came first again and again.</exception>
    public async Task<bool> AppendAsync(
        IState state,
        string id,
        Func<Task<byte[]?>> decide,
        CancellationToken cancellationToken
    )
    {
        var random = new Random(Guid.NewGuid().GetHashCode());
        for (var attempt = 0; attempt < MaxAttempts; attempt++)
        {
            if (await decide().ConfigureAwait(false) is not { } bytes)
                return false;
            var number = state.LastNumber + 1;
            // What can't be read back must not get in: it would be there for good, and all after it out of reach.
            var record = SealedRecord.Decode(bytes);
            record.ToJson();
            var trying = Stopwatch.StartNew();
            if (await store.TryCreateAsync(KeyOf(number), bytes, cancellationToken).ConfigureAwait(false))
            {
                state.Apply(number, record);
                return true;
            }
            // Binary exponential backoff, as Ethernet has it: however many there are, they soon are as far apart as the
            // store needs for one of them, which is what a try has taken.
            var longest = Math.Max(1, trying.Elapsed.TotalMilliseconds) * Math.Pow(2, Math.Min(attempt, MaxDoublings));
            var pause = random.NextDouble() * Math.Min(longest, MaxPauseMilliseconds);
            await Task.Delay(TimeSpan.FromMilliseconds(pause), cancellationToken).ConfigureAwait(false);
            // Only now: meanwhile others may have come first again.
            if (await CatchUpAsync(state, id, cancellationToken).ConfigureAwait(false))
                return true;
        }
        throw new StoreUnavailableException(
            store.Location,
            $"others changed {subject} each of the {MaxAttempts} times that this change was tried. Run the command again."
        );
    }

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
