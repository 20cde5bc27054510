using System.Globalization;

namespace ArtifactsPS.Core.Maintenance.Checking;

/// <summary>The keys of a folder whose names are numbers of twelve digits, as logs and checkpoints have them.</summary>
/// <param name="folder">What the keys begin with, ending in <c>/</c>.</param>
internal sealed class NumberedKeys(string folder)
{
    private const string Ending = ".json";
    private const int Digits = 12;

    /// <summary>Ascending.</summary>
    public SortedSet<long> Numbers { get; } = [];

    /// <summary>Takes in a key of the folder.</summary>
    /// <returns>False where its name is no such number.</returns>
    public bool TryAdd(string key)
    {
        var name = key.Substring(folder.Length);
        if (
            name.Length != Digits + Ending.Length
            || !name.EndsWith(Ending, StringComparison.Ordinal)
            || !long.TryParse(
                name.Substring(0, Digits),
                NumberStyles.None,
                CultureInfo.InvariantCulture,
                out var number
            )
            || number == 0
        )
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
