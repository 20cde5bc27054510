using ArtifactsPS.Core.Storage;

namespace ArtifactsPS.Core.Maintenance.Checking;

/// <summary>Numbers of the records in a log or a folder of checkpoints.</summary>
internal sealed class NumberedKeys
{
    /// <summary>Ascending.</summary>
    public SortedSet<long> Numbers { get; } = [];

    /// <summary>Adds a key of the folder.</summary>
    /// <returns>False where the key is not a numbered record's.</returns>
    public bool TryAdd(string key)
    {
        if (StoreLayout.RecordNumber(key) is not { } number)
            return false;
        Numbers.Add(number);
        return true;
    }

    /// <summary>The stretches of numbers, from 1 on, that are not there though later ones are.</summary>
    /// <param name="last">The last number that must be there; 0 where nothing but the keys tells.</param>
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
