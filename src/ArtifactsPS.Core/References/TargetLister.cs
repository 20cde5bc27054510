using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.References;

/// <summary>
/// Lists all targets below a prefix, without reading their content. A long listing is divided at the names of folders, and its parts
/// are requested at a time. Requests are few more than pages.
/// </summary>
/// <param name="prefix">URI of the prefix.</param>
/// <param name="limit">Maximum number of targets.</param>
public sealed class TargetLister(ReferenceService service, NamedTarget prefix, long limit)
{
    // A short listing isn't worth the requests that find folders.
    private const int PagesBeforeParts = 4;
    private const int PartsAtOnce = 8;
    private const int FoldersToOpen = 3;

    private long _count;

    /// <summary>Number of targets found.</summary>
    public long Count => Interlocked.Read(ref _count);

    /// <summary>Lists the targets.</summary>
    /// <param name="onPage">Receives each page, in the order of its keys. Called for several parts at a time.</param>
    /// <returns>False if the service can't list targets.</returns>
    /// <exception cref="ReferenceLimitExceededException">More targets are below the prefix than allowed.</exception>
    public async Task<bool> ListAsync(
        Func<IReadOnlyList<ListedTarget>, Task> onPage,
        CancellationToken cancellationToken
    )
    {
        var listing = new TargetListing();
        var last = "";
        for (var pages = 0; pages < PagesBeforeParts; pages++)
        {
            if (await service.ListAsync(prefix, listing, cancellationToken).ConfigureAwait(false) is not { } page)
                return false;
            await AddAsync(page.Targets, onPage).ConfigureAwait(false);
            if (page.Continuation is null)
                return true;
            if (page.Targets.Count > 0)
                last = page.Targets[page.Targets.Count - 1].RelativePath;
            listing = listing with { Continuation = page.Continuation };
        }
        await ListPartsAsync(listing, last, onPage, cancellationToken).ConfigureAwait(false);
        return true;
    }

    private async Task ListPartsAsync(
        TargetListing next,
        string last,
        Func<IReadOnlyList<ListedTarget>, Task> onPage,
        CancellationToken cancellationToken
    )
    {
        var starts = Spread(await FindFoldersAsync(last, cancellationToken).ConfigureAwait(false));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var parts = new List<Task>();
        for (var i = -1; i < starts.Count; i++)
        {
            var listing = i < 0 ? next : new TargetListing { After = starts[i] };
            var end = i + 1 < starts.Count ? starts[i + 1] : null;
            parts.Add(ListPartAsync(listing, end, onPage, stop));
        }
        await Task.WhenAll(parts).ConfigureAwait(false);
    }

    // Lists up to a key, which belongs to the part.
    private async Task ListPartAsync(
        TargetListing listing,
        string? end,
        Func<IReadOnlyList<ListedTarget>, Task> onPage,
        CancellationTokenSource stop
    )
    {
        try
        {
            while (true)
            {
                var page =
                    await service.ListAsync(prefix, listing, stop.Token).ConfigureAwait(false)
                    ?? throw new InvalidOperationException("The service no longer lists from a key.");
                var isLast = page.Continuation is null;
                IReadOnlyList<ListedTarget> targets = page.Targets;
                if (end is not null && targets.Count > 0 && IsAfter(targets[targets.Count - 1].RelativePath, end))
                {
                    targets = [.. targets.Where(target => !IsAfter(target.RelativePath, end))];
                    isLast = true;
                }
                await AddAsync(targets, onPage).ConfigureAwait(false);
                if (isLast)
                    return;
                listing = listing with { Continuation = page.Continuation };
            }
        }
        catch
        {
#pragma warning disable CA1849, S6966 // CancelAsync does not exist on netstandard2.0.
            stop.Cancel();
#pragma warning restore CA1849, S6966
            throw;
        }
    }

    // Folders after a key, sorted. Opens a few, where there are too few of them.
    private async Task<List<string>> FindFoldersAsync(string last, CancellationToken cancellationToken)
    {
        var found = new List<string>();
        // Nothing is divided where the service can't begin at a key.
        var probe = new TargetListing { Folders = true, After = "" };
        var toOpen = new Queue<NamedTarget>([prefix]);
        var lengths = new Queue<string>([""]);
        for (var opened = 0; opened < FoldersToOpen && toOpen.Count > 0 && found.Count < PartsAtOnce; opened++)
        {
            var folder = toOpen.Dequeue();
            var path = lengths.Dequeue();
            var page = await service.ListAsync(folder, probe, cancellationToken).ConfigureAwait(false);
            foreach (var child in page?.Folders ?? [])
            {
                var childPath = path + child.RelativePath;
                var isAfter = IsAfter(childPath, last);
                if (isAfter)
                    found.Add(childPath);
                if (!isAfter && !last.StartsWith(childPath, StringComparison.Ordinal))
                    continue;
                toOpen.Enqueue(folder with { Uri = child.Uri });
                lengths.Enqueue(childPath);
            }
        }
        found.Sort(EntryPath.Compare);
        return found;
    }

    // Chooses folders at equal distances.
    private static List<string> Spread(List<string> folders)
    {
        const int Most = PartsAtOnce - 1;
        return folders.Count <= Most
            ? folders
            : [.. Enumerable.Range(0, Most).Select(i => folders[(int)((long)(i + 1) * folders.Count / (Most + 1))])];
    }

    private async Task AddAsync(IReadOnlyList<ListedTarget> targets, Func<IReadOnlyList<ListedTarget>, Task> onPage)
    {
        if (Interlocked.Add(ref _count, targets.Count) > limit)
            throw new ReferenceLimitExceededException(prefix.Uri, limit);
        if (targets.Count > 0)
            await onPage(targets).ConfigureAwait(false);
    }

    private static bool IsAfter(string path, string other) => EntryPath.Compare(path, other) > 0;
}
