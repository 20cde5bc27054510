using ArtifactsPS.Core.Records;
using ArtifactsPS.Core.Storage;

namespace ArtifactsPS.Core.Maintenance.Checking;

/// <summary>Numbers of the records in a log or a folder of checkpoints.</summary>
internal sealed class NumberedKeys
{
    /// <summary>Numbers with keys of their own, ascending.</summary>
    public SortedSet<long> Numbers { get; } = [];

    /// <summary>Indexes of segments, ascending.</summary>
    public SortedSet<long> Segments { get; } = [];

    /// <summary>Adds a key of the folder.</summary>
    /// <returns>False if the key is neither that of a numbered record nor that of a segment.</returns>
    public bool TryAdd(string key)
    {
        if (StoreLayout.RecordNumber(key) is { } number)
            Numbers.Add(number);
        else if (StoreLayout.LogSegmentIndex(key) is { } index)
            Segments.Add(index);
        else
            return false;
        return true;
    }

    /// <summary>Ranges of the numbers that count, ascending: a segment, or a single number that is in no segment.</summary>
    public IEnumerable<(long First, long Last)> Ranges() =>
        Segments
            .Select(index => (First: LogSegment.FirstOf(index), Last: LogSegment.LastOf(index)))
            .Concat(
                Numbers
                    .Where(number => !Segments.Contains(LogSegment.IndexOf(number)))
                    .Select(number => (First: number, Last: number))
            )
            .OrderBy(range => range.First);

    /// <summary>Ranges of missing numbers, from 1 to the last existing one.</summary>
    /// <param name="last">Number up to which all records must exist; 0 if unknown.</param>
    public IEnumerable<(long First, long Last)> Gaps(long last)
    {
        long next = 1;
        foreach (var range in Ranges())
        {
            if (range.First > next)
                yield return (next, range.First - 1);
            next = range.Last + 1;
        }
        if (last >= next)
            yield return (next, last);
    }
}
