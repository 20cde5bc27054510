using System.Diagnostics;
using ArtifactsPS.Core.Concurrency;
using ArtifactsPS.Core.Storage;

namespace ArtifactsPS.Core.Records;

/// <summary>
/// One record to append to a <see cref="RecordLog"/>. Each attempt takes the next number; where another record has it
/// already, the caller decides again on the newer state.
/// </summary>
internal sealed class RecordAppender
{
    private const int MaxAttempts = 64;
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(15);

    private readonly RecordLog _log;
    private readonly IObjectStore _store;
    private readonly string _subject;
    private readonly RecordLog.IState _state;
    private readonly string _id;

    // Binary exponential backoff, as in Ethernet. Its unit is the duration of one attempt, so that the writers soon are as
    // far apart as the store needs for one of them.
    private readonly BackOff _backOff = new(LongestPause, fixedShare: 0);
    private int _attempts;

    internal RecordAppender(RecordLog log, IObjectStore store, string subject, RecordLog.IState state, string id)
    {
        _log = log;
        _store = store;
        _subject = subject;
        _state = state;
        _id = id;
    }

    /// <summary>Key that the next attempt creates.</summary>
    public string NextKey => _log.KeyOf(_state.LastNumber + 1);

    /// <summary>Tries to append the record under the number after the state's last one.</summary>
    /// <param name="bytes">The record, decided on the state as it is now.</param>
    /// <param name="cancellationToken">Cancels the attempt; an appended record stays.</param>
    /// <returns>True if the record is in the log, and the state includes it. False if other records came first: the state
    /// includes these now, and the record must be decided again.</returns>
    /// <exception cref="StoreUnavailableException">Other writers came first too many times.</exception>
    /// <exception cref="LogIncompleteException">A record is missing, but later ones exist.</exception>
    public async Task<bool> TryAppendAsync(byte[] bytes, CancellationToken cancellationToken)
    {
        var number = _state.LastNumber + 1;
        // A record that can't be read back would stay for ever, and make all records after it unreadable.
        var record = SealedRecord.Decode(bytes);
        record.ToJson();
        var elapsed = Stopwatch.StartNew();
        if (await _store.TryCreateAsync(_log.KeyOf(number), bytes, cancellationToken).ConfigureAwait(false))
        {
            // See LogCompactor: the number may have been used, and its key deleted, while this process was suspended.
            if (!await _log.IsInSegmentAsync(number, cancellationToken).ConfigureAwait(false))
            {
                _state.Apply(number, record);
                return true;
            }
            await _store.DeleteAsync(_log.KeyOf(number), cancellationToken).ConfigureAwait(false);
        }
        else
            await _backOff.PauseAsync(elapsed.Elapsed, cancellationToken).ConfigureAwait(false);
        // Listed after the pause, in which more records may have been appended. A listing of a network file system may be
        // older than the record that was in the way.
        var keys = await _log.ListAsync(_state.LastNumber, cancellationToken).ConfigureAwait(false);
        if (await _log.CatchUpAsync(_state, keys, number, _id, cancellationToken).ConfigureAwait(false))
            return true;
        return ++_attempts < MaxAttempts
            ? false
            : throw new StoreUnavailableException(
                _store.Location,
                $"other writers changed {_subject} before each of {MaxAttempts} attempts. Run the command again."
            );
    }
}
