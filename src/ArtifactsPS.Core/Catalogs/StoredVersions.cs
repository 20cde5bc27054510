using System.Collections.Concurrent;
using ArtifactsPS.Core.Concurrency;
using ArtifactsPS.Core.Records;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Catalogs;

/// <summary>
/// The versions of a checkpoint. Their numbers and the beginnings of their digests are in the checkpoint itself. The versions
/// are read page by page when they are first needed: of ten thousand versions, a command needs one or two. Safe for
/// concurrent callers.
/// </summary>
internal sealed class StoredVersions
{
    private const int PagesReadAtOnce = 16;

    private readonly int[] _numbers;
    private readonly uint[] _prefixes;
    private readonly ISource _source;
    private readonly ConcurrentDictionary<int, VersionRecord> _records = new();
    private readonly ConcurrentDictionary<Digest, IReadOnlyDictionary<int, string>> _loaded = new();
    private CatalogState? _replayed;

    /// <param name="numbers">The live versions, ascending.</param>
    /// <param name="prefixes">Prefixes of their digests.</param>
    /// <param name="pages">Pages, ascending. They may contain versions that are not live.</param>
    /// <param name="lines">Versions that are not in a page, or differ from those in the pages.</param>
    /// <exception cref="InvalidDataException">The parameters contradict each other.</exception>
    public StoredVersions(
        int[] numbers,
        uint[] prefixes,
        IReadOnlyList<VersionPage> pages,
        IReadOnlyDictionary<int, string> lines,
        ISource source
    )
    {
        (_numbers, _prefixes, Pages, Lines, _source) = (numbers, prefixes, pages, lines, source);
        var page = 0;
        foreach (var number in numbers)
        {
            while (page < pages.Count && pages[page].Last < number)
                page++;
            if (!lines.ContainsKey(number) && (page == pages.Count || pages[page].First > number))
                throw new InvalidDataException($"v{number} is missing");
        }
    }

    /// <summary>Reads what a checkpoint refers to.</summary>
    public interface ISource
    {
        /// <summary>Reads a page.</summary>
        /// <returns>Null if the page is missing or damaged.</returns>
        Task<SealedRecord?> ReadPageAsync(VersionPage page, CancellationToken cancellationToken);

        /// <summary>Replays the log from its beginning to the checkpoint's transaction, because a page is missing or
        /// damaged.</summary>
        Task<CatalogState> ReplayAsync(CancellationToken cancellationToken);

        /// <summary>Creates the exception for a checkpoint that contradicts the log.</summary>
        Exception Contradiction(string fault);
    }

    public static StoredVersions None { get; } = new([], [], [], new Dictionary<int, string>(), new EmptySource());

    public IReadOnlyList<VersionPage> Pages { get; }

    public IReadOnlyDictionary<int, string> Lines { get; }

    /// <summary>Numbers, ascending.</summary>
    public IReadOnlyList<int> Numbers => _numbers;

    /// <summary>The first 32 bits of a digest.</summary>
    public static uint PrefixOf(Digest digest) => digest.Word(0);

    public uint PrefixAt(int index) => _prefixes[index];

    public bool Contains(int number) => Array.BinarySearch(_numbers, number) >= 0;

    /// <summary>Numbers of the versions that may have a digest, ascending.</summary>
    public IEnumerable<int> CandidatesOf(Digest digest)
    {
        var prefix = PrefixOf(digest);
        for (var i = 0; i < _prefixes.Length; i++)
            if (_prefixes[i] == prefix)
                yield return _numbers[i];
    }

    /// <summary>Reads one of the versions.</summary>
    public async ValueTask<VersionRecord> ReadAsync(int number, CancellationToken cancellationToken) =>
        _records.TryGetValue(number, out var known) ? known
        : Volatile.Read(ref _replayed) is null
        && await TryReadAsync(number, cancellationToken).ConfigureAwait(false) is { } record
            ? _records.GetOrAdd(number, record)
        : await ReplayedAsync(number, cancellationToken).ConfigureAwait(false);

    /// <summary>Reads all pages that contain some of the versions, several at once.</summary>
    public Task LoadAsync(IEnumerable<int> numbers, CancellationToken cancellationToken) =>
        InParallel.ForEachAsync(MissingPages(numbers), PagesReadAtOnce, LinesOfAsync, cancellationToken);

    private IEnumerable<VersionPage> MissingPages(IEnumerable<int> numbers)
    {
        VersionPage? last = null;
        foreach (var number in numbers)
        {
            if (Lines.ContainsKey(number) || _records.ContainsKey(number) || last is not null && number <= last.Last)
                continue;
            last = PageOf(number);
            yield return last;
        }
    }

    /// <summary>Reads the line of one of the versions.</summary>
    public async ValueTask<string> ReadLineAsync(int number, CancellationToken cancellationToken) =>
        await FindLineAsync(number, cancellationToken).ConfigureAwait(false)
        ?? VersionPage.ToLine(await ReadAsync(number, cancellationToken).ConfigureAwait(false));

    private async ValueTask<string?> FindLineAsync(int number, CancellationToken cancellationToken) =>
        Lines.TryGetValue(number, out var line) ? line
        : await LinesOfAsync(PageOf(number), cancellationToken).ConfigureAwait(false) is { } lines
        && lines.TryGetValue(number, out line)
            ? line
        : null;

    private VersionPage PageOf(int number)
    {
        var (low, high) = (0, Pages.Count - 1);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (Pages[middle].Last < number)
                low = middle + 1;
            else
                high = middle;
        }
        return Pages[low];
    }

    // Null if the page is missing or damaged.
    private async Task<IReadOnlyDictionary<int, string>?> LinesOfAsync(
        VersionPage page,
        CancellationToken cancellationToken
    )
    {
        if (_loaded.TryGetValue(page.Digest, out var loaded))
            return loaded;
        if (await _source.ReadPageAsync(page, cancellationToken).ConfigureAwait(false) is not { } record)
            return null;
        try
        {
            return _loaded.GetOrAdd(page.Digest, page.Decode(record));
        }
        catch (InvalidDataException)
        {
            // The log is replayed instead.
            return null;
        }
    }

    // Null if the version's line is missing or invalid.
    private async ValueTask<VersionRecord?> TryReadAsync(int number, CancellationToken cancellationToken)
    {
        if (await FindLineAsync(number, cancellationToken).ConfigureAwait(false) is not { } line)
            return null;
        try
        {
            var record = VersionPage.Parse(line);
            return record.Number == number && PrefixOf(record.Digest) == _prefixes[Array.BinarySearch(_numbers, number)]
                ? record
                : null;
        }
        catch (Exception e) when (e is InvalidDataException or OverflowException or ArgumentException)
        {
            // The log is replayed instead.
            return null;
        }
    }

    private async Task<VersionRecord> ReplayedAsync(int number, CancellationToken cancellationToken)
    {
        var state = Volatile.Read(ref _replayed);
        if (state is null)
        {
            state = await _source.ReplayAsync(cancellationToken).ConfigureAwait(false);
            Volatile.Write(ref _replayed, state);
        }
        return await state.FindAsync(number, cancellationToken).ConfigureAwait(false)
            ?? throw _source.Contradiction($"it has v{number}, which the log does not have");
    }

    private sealed class EmptySource : ISource
    {
        public Task<SealedRecord?> ReadPageAsync(VersionPage page, CancellationToken cancellationToken) =>
            Task.FromResult<SealedRecord?>(null);

        public Task<CatalogState> ReplayAsync(CancellationToken cancellationToken) =>
            throw new InvalidOperationException("An empty checkpoint refers to nothing.");

        public Exception Contradiction(string fault) => new InvalidOperationException(fault);
    }
}
