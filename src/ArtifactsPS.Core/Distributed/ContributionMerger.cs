using System.Runtime.CompilerServices;
using System.Text;
using ArtifactsPS.Core.Concurrency;
using ArtifactsPS.Core.Manifests;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Distributed;

/// <summary>Treatment of a path for which writers contributed different content.</summary>
public enum ConflictAction
{
    /// <summary>Nothing is sealed; an error names the path and both writers.</summary>
    Error,

    /// <summary>The contribution that reached the store first wins.</summary>
    FirstWins,

    /// <summary>The contribution that reached the store last wins. The completing writer's is the last of all.</summary>
    LastWins,
}

/// <summary>
/// Merges contributions path by path. Each is read as a stream, so that memory doesn't grow with their size. A writer's later
/// contribution of a path replaces the earlier one. Equal content of several writers is no conflict.
/// </summary>
internal sealed class ContributionMerger(
    DistributedLog log,
    IReadOnlyList<Contribution> contributions,
    ConflictAction onConflict
)
{
    private const int OpenedAtOnce = 16;

    // Without detection of byte order marks: a path may begin with that character.
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    /// <summary>Streams the merged change of each contributed path, sorted by path.</summary>
    /// <exception cref="DistributedConflictException">Writers contributed different content, and the action is
    /// <see cref="ConflictAction.Error"/>.</exception>
    public async IAsyncEnumerable<EntryChange> MergeAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var sources = new List<Source>();
        var heads = new SortedSet<Source>(Source.ByPath);
        try
        {
            foreach (var contribution in contributions)
                sources.Add(new Source(contribution, ChangesAsync(contribution, cancellationToken), cancellationToken));
            for (var first = 0; first < sources.Count; first += OpenedAtOnce)
            {
                var opened = sources.GetRange(first, Math.Min(OpenedAtOnce, sources.Count - first));
                // Waits for all, so that no source is disposed while it is read.
                var any = await Task.WhenAll(opened.Select(source => Task.Run(() => source.MoveNextAsync().AsTask())))
                    .ConfigureAwait(false);
                heads.UnionWith(opened.Where((_, i) => any[i]));
            }
            var same = new List<(Contribution Contribution, EntryChange Change)>();
            while (heads.Min is { } first)
            {
                same.Clear();
                var path = first.Current.Path;
                while (heads.Min is { } next && next.Current.Path == path)
                {
                    heads.Remove(next);
                    same.Add((next.Contribution, next.Current));
                    if (await next.MoveNextAsync().ConfigureAwait(false))
                        heads.Add(next);
                }
                yield return Decide(same);
            }
        }
        finally
        {
            foreach (var source in sources)
                await source.DisposeAsync().ConfigureAwait(false);
        }
    }

    // The changes are in the order of contributions.
    private EntryChange Decide(List<(Contribution Contribution, EntryChange Change)> changes)
    {
        // Only the last change of each writer counts.
        for (var i = changes.Count - 1; i > 0; i--)
        for (var earlier = i - 1; earlier >= 0; earlier--)
            if (changes[earlier].Contribution.Contributor == changes[i].Contribution.Contributor)
            {
                changes.RemoveAt(earlier);
                i--;
            }
        var first = changes[0];
        var last = changes[changes.Count - 1];
        foreach (var other in changes)
            if (onConflict == ConflictAction.Error && !AreSame(first.Change, other.Change))
                throw new DistributedConflictException(
                    log.Name,
                    log.Id,
                    first.Change.Path.ToString(),
                    first.Contribution.Contributor,
                    other.Contribution.Contributor
                );
        return onConflict == ConflictAction.LastWins ? last.Change : first.Change;
    }

    private static bool AreSame(EntryChange left, EntryChange right) =>
        left.Entry is null || right.Entry is null
            ? left.Entry is null && right.Entry is null
            : left.Entry.HasSameContent(right.Entry);

    // Additions and removals are both sorted, and no path is in both.
    private async IAsyncEnumerable<EntryChange> ChangesAsync(
        Contribution contribution,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        using var removes = await OpenRemovesAsync(contribution, cancellationToken).ConfigureAwait(false);
        EntryPath? last = null;
        var removed = Next();
        await foreach (var entry in EntriesAsync(contribution.Adds, cancellationToken).ConfigureAwait(false))
        {
            for (; removed is { } path && path < entry.Path; removed = Next())
                yield return new EntryChange(path, null);
            if (removed == entry.Path)
                throw Corrupt($"'{entry.Path}' is added as well");
            yield return new EntryChange(entry.Path, entry);
        }
        for (; removed is { } path; removed = Next())
            yield return new EntryChange(path, null);

        EntryPath? Next()
        {
            if (removes.ReadLine() is not { } line)
                return null;
            if (!EntryPath.TryParse(line, out var path) || last >= path)
                throw Corrupt($"'{line}' is invalid or out of order");
            return last = path;
        }

        ObjectCorruptException Corrupt(string what) =>
            new(
                log.Store.Location,
                contribution.Removes!.Value.Location.Object.Key,
                $"the list of paths removed by {contribution.Contributor} is invalid ({what})"
            );
    }

    private IAsyncEnumerable<ManifestEntry> EntriesAsync(TreePage adds, CancellationToken cancellationToken) =>
        ContributedTree.EntriesOf(adds) is { } entries
            ? AsyncStream.Of(entries)
            : new Manifest(log.Store.Pages, adds).EntriesAsync(cancellationToken);

    private async Task<TextReader> OpenRemovesAsync(Contribution contribution, CancellationToken cancellationToken) =>
        contribution.Removes is { } removes
            ? new StreamReader(
                await log.Store.Content.OpenCheckedAsync(removes, cancellationToken).ConfigureAwait(false),
                Utf8,
                detectEncodingFromByteOrderMarks: false
            )
            : TextReader.Null;

    private sealed class Source(
        Contribution contribution,
        IAsyncEnumerable<EntryChange> changes,
        CancellationToken cancellationToken
    ) : IAsyncDisposable
    {
        private readonly IAsyncEnumerator<EntryChange> _changes = changes.GetAsyncEnumerator(cancellationToken);

        /// <summary>Orders sources by their next path, then by the order of contributions.</summary>
        public static IComparer<Source> ByPath { get; } =
            Comparer<Source>.Create(
                (left, right) =>
                    left.Current.Path.CompareTo(right.Current.Path) is not 0 and var order
                        ? order
                        : left.Contribution.Number.CompareTo(right.Contribution.Number)
            );

        public Contribution Contribution { get; } = contribution;

        public EntryChange Current => _changes.Current;

        public ValueTask<bool> MoveNextAsync() => _changes.MoveNextAsync();

        public ValueTask DisposeAsync() => _changes.DisposeAsync();
    }
}
