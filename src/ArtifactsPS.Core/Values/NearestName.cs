namespace ArtifactsPS.Core.Values;

/// <summary>Finds the name that a user most likely meant, for error messages.</summary>
public static class NearestName
{
    private const int MaxLength = 256;

    /// <summary>Finds the candidate with the smallest edit distance. Case doesn't count.</summary>
    /// <returns>Null if no candidate is similar: at most one edit for three characters.</returns>
    public static string? Find(string given, IEnumerable<string> candidates)
    {
        var (nearest, least) = ((string?)null, Math.Max(1, given.Length / 3) + 1);
        if (given.Length > MaxLength)
            return null;
        var text = given.ToUpperInvariant();
        foreach (var candidate in candidates)
        {
            // The difference of the lengths is a lower bound.
            if (Math.Abs(candidate.Length - given.Length) >= least)
                continue;
            var distance = Distance(text, candidate.ToUpperInvariant());
            if (distance < least)
                (nearest, least) = (candidate, distance);
        }
        return nearest;
    }

    /// <summary>Formats a candidate as a sentence with a space before it; empty for null.</summary>
    public static string Hint(string? nearest) => nearest is null ? "" : $" Did you mean '{nearest}'?";

    // Optimal string alignment: insertions, deletions, substitutions, and swaps of neighbours (Damerau 1964).
    private static int Distance(string left, string right)
    {
        var beforeLast = new int[right.Length + 1];
        var last = new int[right.Length + 1];
        var row = new int[right.Length + 1];
        for (var j = 0; j <= right.Length; j++)
            last[j] = j;
        for (var i = 1; i <= left.Length; i++)
        {
            row[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var substituted = last[j - 1] + (left[i - 1] == right[j - 1] ? 0 : 1);
                row[j] = Math.Min(substituted, Math.Min(last[j], row[j - 1]) + 1);
                if (i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1])
                    row[j] = Math.Min(row[j], beforeLast[j - 2] + 1);
            }
            (beforeLast, last, row) = (last, row, beforeLast);
        }
        return last[right.Length];
    }
}
