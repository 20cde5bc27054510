using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.References;

/// <summary>Part of a listing: the keys after one key, up to another one. Not safe for concurrent callers.</summary>
/// <param name="after">Key before the part; null for the beginning of the listing.</param>
/// <param name="end">Last key of the part, which need not exist; null for the end of the listing.</param>
internal sealed class ListingPart(string? after, string? end)
{
    private const int FirstLeap = 4;

    private string? _end = end;
    private int _leap = FirstLeap;

    /// <summary>The next page.</summary>
    public TargetListing Next { get; private set; } = new() { After = after };

    /// <summary>Whether all keys of the part were listed.</summary>
    public bool IsDone { get; private set; }

    /// <summary>Last key that was listed; empty if there was none.</summary>
    public string Last { get; private set; } = after ?? "";

    /// <summary>Whether the pages so far had their keys in order. Otherwise the part can't be divided.</summary>
    public bool IsOrdered { get; private set; } = true;

    /// <summary>Takes the next page.</summary>
    /// <returns>Those of its targets that are in the part.</returns>
    public IReadOnlyList<ListedTarget> Take(TargetPage page)
    {
        var targets = page.Targets;
        var previous = Next.Continuation is null ? "" : Last;
        foreach (var target in targets)
        {
            IsOrdered &= EntryPath.Compare(previous, target.RelativePath) <= 0;
            previous = target.RelativePath;
        }
        Last = page.Last ?? (targets.Count > 0 ? targets[targets.Count - 1].RelativePath : Last);
        IsDone = page.Continuation is null || (_end is not null && EntryPath.Compare(Last, _end) >= 0);
        Next = Next with { Continuation = page.Continuation };
        if (targets.Count > 0 && !(Has(targets[0]) && Has(targets[targets.Count - 1])))
            targets = [.. targets.Where(Has)];
        return targets;
    }

    /// <summary>Ends the part at a key.</summary>
    /// <returns>The part behind the key.</returns>
    public ListingPart DivideAt(string key)
    {
        var behind = new ListingPart(key, _end) { _leap = _end is null ? 2 * _leap : FirstLeap };
        _end = key;
        return behind;
    }

    /// <summary>Guesses a key that divides the rest of the part; null if the rest seems short.</summary>
    /// <param name="newest">Targets of the newest page.</param>
    public string? GuessMiddle(IReadOnlyList<ListedTarget> newest) =>
        IsDone ? null : KeyGuess.After([.. newest.Select(target => target.RelativePath)], _end, _leap);

    // A service may list other keys, too.
    private bool Has(ListedTarget target) =>
        (after is null || EntryPath.Compare(target.RelativePath, after) > 0)
        && (_end is null || EntryPath.Compare(target.RelativePath, _end) <= 0);
}
