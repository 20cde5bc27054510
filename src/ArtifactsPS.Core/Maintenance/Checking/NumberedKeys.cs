using ArtifactsPS.Core.Storage;

namespace ArtifactsPS.Core.Maintenance.Checking;

/// <summary>Numbers of the records in a log or a folder of checkpoints.</summary>
internal sealed class NumberedKeys
{
    /// <summary>Ascending.</summary>
    public SortedSet<long> Numbers { get; } = [];

    /// <summary>Adds a key of the folder.</summary>
    /// <returns>False if the key is not that of a numbered record.</returns>
    public bool TryAdd(string key)
    {
        if (StoreLayout.RecordNumber(key) is not { } number)
            return false;
        Numbers.Add(number);
        return true;
    }

    /// <summary>Ranges of missing numbers, from 1 to the last existing one.</summary>
    /// <param name="last">Number up to which all records must exist; 0 if unknown.</param>
    public IEnumerable<(long First, long Last)> Gaps(long last)
    {
        long next = 1;
        foreach (var number in Numbers)
        {
            if (number > next)
                yield return (next, number - 1);
            next = number + 1;
        }
        if (last >= next)
            yield return (next, last);
    }
}
