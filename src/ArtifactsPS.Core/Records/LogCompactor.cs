using ArtifactsPS.Core.Concurrency;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Records;

/// <summary>
/// Compacts a log: writes the segments of complete ranges, and later deletes the records under single keys that the segments
/// contain.
/// </summary>
/// <remarks>
/// A number must never get a second record, although its key is deleted. These rules ensure it, without assumptions about
/// clocks, suspended processes or late requests:
/// <list type="number">
/// <item>A segment is created if absent, and never deleted. So each range has at most one segment at any time.</item>
/// <item>Single keys of a range are deleted only after its segment exists. So as long as there is no segment, each single key
/// of the range exists or never existed, and creating it decides which record has the number.</item>
/// <item>Where a segment exists, single keys of its range don't count. So a key that is created there too late changes
/// nothing, and neither does a late request that deletes one.</item>
/// <item>A writer looks for the segment of its number after it has created the key. If it finds none, the segment did not exist
/// when the key was created, so that by rule 2 the number was unused. If it finds one, the record counts only if it is in the
/// segment. The writer deletes its key and decides again.</item>
/// <item>A compactor writes a segment only of records that it has read. By rule 2 these are the ones that count: if another
/// compactor deletes keys meanwhile, its segment exists already, and creating a second one fails.</item>
/// </list>
/// A reader that listed single keys before the segment was written finds the segment where a key is missing. Keys are deleted
/// only some time after the segment was written, so that such a reader has usually ended. A range is compacted well behind the
/// end of the log, so that writers rarely have to decide again.
/// </remarks>
internal sealed class LogCompactor(IObjectStore store, string folder)
{
    private const int RequestsAtOnce = 16;

    /// <summary>Number of records that must follow a range before it is compacted.</summary>
    public const int Distance = 64;

    /// <summary>Compacts the log.</summary>
    /// <param name="before">Single keys are deleted where the segment was created before this time of the store's
    /// clock.</param>
    /// <returns>The segments and keys that were written and deleted.</returns>
    public async Task<LogCompaction> CompactAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        var plan = await PlanAsync(before, cancellationToken).ConfigureAwait(false);
        return await CompactAsync(plan, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Finds the segments to write and the single keys to delete.</summary>
    /// <inheritdoc cref="CompactAsync(DateTimeOffset, CancellationToken)" path="/param"/>
    public async Task<LogCompaction> PlanAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        var singles = new SortedDictionary<long, List<StoredKey>>();
        var segments = new Dictionary<long, StoredKey>();
        long last = 0;
        await foreach (var key in store.ListAsync(folder, cancellationToken).ConfigureAwait(false))
            if (StoreLayout.RecordNumber(key.Key) is { } number)
            {
                var index = LogSegment.IndexOf(number);
                if (!singles.TryGetValue(index, out var range))
                    singles.Add(index, range = []);
                range.Add(key);
                last = Math.Max(last, number);
            }
            else if (StoreLayout.LogSegmentIndex(key.Key) is { } index)
                segments[index] = key;

        var written = singles
            .Where(range =>
                !segments.ContainsKey(range.Key)
                && range.Value.Count == LogSegment.Length
                && last >= LogSegment.LastOf(range.Key) + Distance
                && range.Value.Sum(key => key.Length) <= LogSegment.MaxBytes
            )
            .Select(range => range.Key);
        var deleted = singles.Where(range =>
            segments.TryGetValue(range.Key, out var segment) && segment.LastModified < before
        );
        return new LogCompaction([.. written], [.. deleted.SelectMany(range => range.Value)]);
    }

    /// <summary>Writes the planned segments, and deletes the planned keys where their segment is readable.</summary>
    /// <returns>The segments and keys that were written and deleted.</returns>
    public async Task<LogCompaction> CompactAsync(LogCompaction plan, CancellationToken cancellationToken)
    {
        var written = new List<long>();
        foreach (var index in plan.Segments)
            if (await TryWriteAsync(index, cancellationToken).ConfigureAwait(false))
                written.Add(index);
        var deleted = new List<StoredKey>();
        foreach (
            var range in plan.Obsolete.GroupBy(key => LogSegment.IndexOf(StoreLayout.RecordNumber(key.Key)!.Value))
        )
            if (await IsReadableAsync(range.Key, cancellationToken).ConfigureAwait(false))
            {
                await InParallel
                    .ForEachAsync(
                        range,
                        RequestsAtOnce,
                        (key, token) => store.DeleteAsync(key.Key, token),
                        cancellationToken
                    )
                    .ConfigureAwait(false);
                deleted.AddRange(range);
            }
        return new LogCompaction(written, deleted);
    }

    private async Task<bool> TryWriteAsync(long index, CancellationToken cancellationToken)
    {
        var numbers = Enumerable.Range(0, LogSegment.Length).Select(i => LogSegment.FirstOf(index) + i);
        try
        {
            var records = new List<SealedRecord>();
            var reading = InParallel.SelectAsync(
                numbers,
                RequestsAtOnce,
                number => ReadAsync(number, cancellationToken)
            );
            await foreach (var (_, record) in reading.ConfigureAwait(false))
                records.Add(record);
            return await store
                .TryCreateAsync(StoreLayout.LogSegmentKey(folder, index), LogSegment.Encode(records), cancellationToken)
                .ConfigureAwait(false);
        }
        catch (Exception e) when (e is ObjectLostException or InvalidDataException or OverflowException)
        {
            // The range stays as it is. Test-ArtifactStore reports the damage.
            return false;
        }
    }

    private async Task<SealedRecord> ReadAsync(long number, CancellationToken cancellationToken)
    {
        var key = StoreLayout.NumberedKey(folder, number);
        var record =
            await SealedRecord.ReadAsync(store, key, cancellationToken).ConfigureAwait(false)
            ?? throw new ObjectMissingException(store.Location, key);
        return record.ToJson().RequiredNumber("number") == number
            ? record
            : throw new InvalidDataException("its number does not match its key");
    }

    private async Task<bool> IsReadableAsync(long index, CancellationToken cancellationToken)
    {
        try
        {
            return await LogSegment.ReadAsync(store, folder, index, cancellationToken).ConfigureAwait(false)
                is not null;
        }
        catch (ObjectCorruptException)
        {
            // The single keys may be the only copies left. Test-ArtifactStore reports the damage.
            return false;
        }
    }
}

/// <summary>Segments and keys of a compaction.</summary>
/// <param name="Segments">Indexes of segments to write.</param>
/// <param name="Obsolete">Keys of records that are in older segments, too.</param>
internal sealed record LogCompaction(IReadOnlyList<long> Segments, IReadOnlyList<StoredKey> Obsolete);
