using ArtifactsPS.Core.Concurrency;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.References;

/// <summary>
/// Lists all targets below a prefix, without reading their content. A long listing is divided into parts, which are requested at a time:
/// at the names of folders, and at keys that are guessed from those so far. A part has the keys after one key up to another, so any
/// division finds each target once. Requests are few more than pages.
/// </summary>
/// <param name="prefix">URI of the prefix.</param>
/// <param name="limit">Maximum number of targets.</param>
public sealed class TargetLister(ReferenceService service, NamedTarget prefix, long limit)
{
    // A short listing isn't worth the requests that divide it.
    private const int PagesBeforeParts = 2;
    private const int PartsAtOnce = 8;
    private const int FoldersToOpen = 3;

    // Each division costs up to one request.
    private const int MaxDivisions = 9;
    private const int TargetsForDivision = 200_000;

    private readonly List<Task> _parts = [];
    private long _count;
    private int _active;

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
        var part = new ListingPart(after: null, end: null);
        var hasFolders = false;
        IReadOnlyList<ListedTarget> targets = [];
        for (var pages = 0; pages < PagesBeforeParts; pages++)
        {
            if (await service.ListAsync(prefix, part.Next, cancellationToken).ConfigureAwait(false) is not { } page)
                return false;
            hasFolders |= page.Targets.Any(target => target.RelativePath.IndexOf('/') >= 0);
            targets = part.Take(page);
            await AddAsync(targets, onPage).ConfigureAwait(false);
            if (part.IsDone)
                return true;
        }
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var listing = new Listing(onPage, stop);
        var starts = part.IsOrdered
            ? await FindStartsAsync(part, targets, hasFolders, cancellationToken).ConfigureAwait(false)
            : [];
        await StartAsync(part, starts, listing).ConfigureAwait(false);
        for (var i = 0; i < PartCount; i++)
            await Task.WhenAny(PartAt(i)).ConfigureAwait(false);
        // A failure of a part precedes the cancellation of others.
        await Task.WhenAll(_parts).ConfigureAwait(false);
        return true;
    }

    private async Task<List<string>> FindStartsAsync(
        ListingPart part,
        IReadOnlyList<ListedTarget> newest,
        bool hasFolders,
        CancellationToken cancellationToken
    )
    {
        var folders = hasFolders ? await FindFoldersAsync(part.Last, cancellationToken).ConfigureAwait(false) : [];
        return folders.Count > 0 ? Spread(folders)
            : part.GuessMiddle(newest) is { } middle ? [middle]
            : [];
    }

    // Nothing is divided where the service can't begin at a key, which the first part behind a key shows.
    private async Task StartAsync(ListingPart part, List<string> starts, Listing listing)
    {
        TargetPage? first = null;
        if (starts.Count > 0)
        {
            var behind = new TargetListing { After = starts[0] };
            first = await service.ListAsync(prefix, behind, listing.Stop.Token).ConfigureAwait(false);
        }
        if (first is null || first.Targets.Any(target => EntryPath.Compare(target.RelativePath, starts[0]) <= 0))
            starts = [];
        listing.Divisions = starts.Count;
        for (var i = 0; i < starts.Count; i++)
        {
            var behind = part.DivideAt(starts[i]);
            Start(part, i == 1 ? first : null, listing);
            part = behind;
        }
        Start(part, starts.Count == 1 ? first : null, listing);
    }

    // Called by the task of a part before it ends, so all tasks are found by waiting for one after another.
    private void Start(ListingPart part, TargetPage? first, Listing listing)
    {
        lock (_parts)
        {
            _active++;
            _parts.Add(Task.Run(() => ListAsync(part, first, listing), CancellationToken.None));
        }
    }

    private int PartCount
    {
        get
        {
            lock (_parts)
                return _parts.Count;
        }
    }

    private Task PartAt(int index)
    {
        lock (_parts)
            return _parts[index];
    }

    private async Task ListAsync(ListingPart part, TargetPage? page, Listing listing)
    {
        try
        {
            while (!part.IsDone)
            {
                page ??=
                    await service.ListAsync(prefix, part.Next, listing.Stop.Token).ConfigureAwait(false)
                    ?? throw new InvalidOperationException("The service no longer lists from a key.");
                var targets = part.Take(page);
                page = null;
                if (listing.Divisions > 0 && !part.IsOrdered)
                    throw new ReferenceUnavailableException(
                        prefix.Item,
                        prefix.Uri,
                        "the service lists keys in no fixed order. Add longer prefixes."
                    );
                Divide(part, targets, listing);
                await AddAsync(targets, listing.OnPage).ConfigureAwait(false);
            }
        }
        catch
        {
            listing.Stop.CancelNow();
            throw;
        }
        finally
        {
            lock (_parts)
                _active--;
        }
    }

    private void Divide(ListingPart part, IReadOnlyList<ListedTarget> newest, Listing listing)
    {
        lock (_parts)
        {
            var most = MaxDivisions + Count / TargetsForDivision;
            if (
                listing.Divisions == 0
                || listing.Divisions >= most
                || _active >= PartsAtOnce
                || part.GuessMiddle(newest) is not { } middle
            )
                return;
            listing.Divisions++;
            Start(part.DivideAt(middle), null, listing);
        }
    }

    // Folders after a key, sorted. Opens a few, where there are too few of them.
    private async Task<List<string>> FindFoldersAsync(string last, CancellationToken cancellationToken)
    {
        var found = new List<string>();
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
                var isAfter = EntryPath.Compare(childPath, last) > 0;
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

    private sealed record Listing(Func<IReadOnlyList<ListedTarget>, Task> OnPage, CancellationTokenSource Stop)
    {
        // 0 if the service can't begin at a key.
        public int Divisions { get; set; }
    }
}
