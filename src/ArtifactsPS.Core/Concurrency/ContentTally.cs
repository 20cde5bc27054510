namespace ArtifactsPS.Core.Concurrency;

/// <summary>Counts added files by how their content was stored. Safe for concurrent callers.</summary>
public sealed class ContentTally
{
    private long _unread;
    private long _known;
    private long _packed;
    private long _large;
    private long _chunked;

    /// <summary>Counts a file that is unchanged since it was last added, and was not read.</summary>
    public void AddUnread() => Interlocked.Increment(ref _unread);

    /// <summary>Counts files that are empty or whose content is already stored.</summary>
    public void AddKnown(int count = 1) => Interlocked.Add(ref _known, count);

    /// <summary>Counts small files that were stored in a pack.</summary>
    public void AddPacked(int count = 1) => Interlocked.Add(ref _packed, count);

    /// <summary>Counts a large file that was stored as one object.</summary>
    public void AddLarge() => Interlocked.Increment(ref _large);

    /// <summary>Counts a large file of which only new chunks were stored.</summary>
    public void AddChunked() => Interlocked.Increment(ref _chunked);

    /// <summary>Returns the counts as text and resets them; null if all are 0.</summary>
    public string? Take()
    {
        var parts = new[]
        {
            (Count: Interlocked.Exchange(ref _unread, 0), Text: "unchanged and not read"),
            (Count: Interlocked.Exchange(ref _known, 0), Text: "already stored"),
            (Count: Interlocked.Exchange(ref _packed, 0), Text: "packed"),
            (Count: Interlocked.Exchange(ref _large, 0), Text: "stored as separate objects"),
            (Count: Interlocked.Exchange(ref _chunked, 0), Text: "stored as new chunks only"),
        };
        var counted = parts.Where(part => part.Count > 0).ToList();
        return counted.Count == 0
            ? null
            : string.Join(", ", counted.Select(part => FormattableString.Invariant($"{part.Count} {part.Text}")));
    }
}
