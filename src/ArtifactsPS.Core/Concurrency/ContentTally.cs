namespace ArtifactsPS.Core.Concurrency;

/// <summary>What became of files that were added: counted by many threads.</summary>
public sealed class ContentTally
{
    private long _unread;
    private long _known;
    private long _packed;
    private long _large;
    private long _chunked;

    /// <summary>A file is as it was when it was added last, and was not read.</summary>
    public void AddUnread() => Interlocked.Increment(ref _unread);

    /// <summary>Files' content was stored already, or there is none.</summary>
    public void AddKnown(int count = 1) => Interlocked.Add(ref _known, count);

    /// <summary>Small files' content was laid into a pack.</summary>
    public void AddPacked(int count = 1) => Interlocked.Add(ref _packed, count);

    /// <summary>A large file's content became an object of its own.</summary>
    public void AddLarge() => Interlocked.Increment(ref _large);

    /// <summary>Of a large file only the parts were stored that are new.</summary>
    public void AddChunked() => Interlocked.Increment(ref _chunked);

    /// <summary>Says what was counted, in words, and begins anew; null if nothing was.</summary>
    public string? Take()
    {
        var parts = new[]
        {
            (Count: Interlocked.Exchange(ref _unread, 0), Text: "unchanged since added last, and not read"),
            (Count: Interlocked.Exchange(ref _known, 0), Text: "stored already"),
            (Count: Interlocked.Exchange(ref _packed, 0), Text: "packed"),
            (Count: Interlocked.Exchange(ref _large, 0), Text: "stored as objects of their own"),
            (Count: Interlocked.Exchange(ref _chunked, 0), Text: "stored as far as they are new"),
        };
        var counted = parts.Where(part => part.Count > 0).ToList();
        return counted.Count == 0
            ? null
            : string.Join(", ", counted.Select(part => FormattableString.Invariant($"{part.Count} {part.Text}")));
    }
}
