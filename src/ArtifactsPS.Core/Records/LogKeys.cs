using ArtifactsPS.Core.Storage;

namespace ArtifactsPS.Core.Records;

/// <summary>The keys of a log after a number, from one listing.</summary>
internal sealed class LogKeys
{
    private readonly HashSet<long> _numbers = [];
    private readonly HashSet<long> _segments = [];

    private LogKeys(long after) => Last = after;

    /// <summary>Highest number of a record; the number after which the log was listed if there are no later records. All
    /// lower numbers had records when the log was listed, unless the log is damaged.</summary>
    public long Last { get; private set; }

    /// <summary>Lists the keys after a number.</summary>
    public static async Task<LogKeys> ListAsync(
        IObjectStore store,
        string folder,
        long after,
        CancellationToken cancellationToken
    )
    {
        var keys = new LogKeys(after);
        var start = StoreLayout.NumberedKey(folder, after);
        // Segments come last in the order of keys, so they are listed from any number.
        await foreach (var key in store.ListAsync(folder, start, cancellationToken).ConfigureAwait(false))
            keys.Add(key.Key);
        return keys;
    }

    /// <summary>Whether the record with a number is part of a segment.</summary>
    public bool IsInSegment(long number) => _segments.Contains(LogSegment.IndexOf(number));

    /// <summary>Whether a record was listed.</summary>
    public bool Contains(long number) => _numbers.Contains(number) || IsInSegment(number);

    private void Add(string key)
    {
        if (StoreLayout.RecordNumber(key) is { } number)
        {
            _numbers.Add(number);
            Last = Math.Max(Last, number);
        }
        else if (StoreLayout.LogSegmentIndex(key) is { } index)
        {
            _segments.Add(index);
            Last = Math.Max(Last, LogSegment.LastOf(index));
        }
    }
}
