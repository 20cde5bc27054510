using System.Runtime.CompilerServices;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Catalogs;

/// <summary>An artifact's live versions: those of a checkpoint, and the changes of the transactions after it.</summary>
/// <param name="stored">Versions of the checkpoint.</param>
internal sealed class VersionTable(StoredVersions stored)
{
    // Published or restored after the checkpoint, and live. A restored version of the checkpoint stays in _removed.
    private readonly SortedList<int, VersionRecord> _added = [];

    // Changes of the checkpoint's versions, oldest first. They are applied when a version is read.
    private readonly Dictionary<int, List<CatalogAction>> _changes = [];
    private readonly HashSet<int> _removed = [];

    // Number of the checkpoint's versions up to its highest live one.
    private int _top = stored.Numbers.Count;

    public StoredVersions Stored => stored;

    public int Count => stored.Numbers.Count - _removed.Count + _added.Count;

    /// <summary>The highest number; -1 if there are no versions.</summary>
    public int Highest => Math.Max(HighestAdded, HighestStored);

    /// <summary>Numbers, ascending.</summary>
    public IEnumerable<int> Numbers =>
        _added.Count == 0 || _added.Keys[0] > HighestStored ? StoredNumbers.Concat(_added.Keys) : MergedNumbers();

    /// <summary>Prefixes of the digests, in the order of the numbers.</summary>
    public IEnumerable<uint> Prefixes
    {
        get
        {
            var index = 0;
            foreach (var number in Numbers)
                if (_added.TryGetValue(number, out var record))
                    yield return StoredVersions.PrefixOf(record.Digest);
                else
                {
                    while (stored.Numbers[index] < number)
                        index++;
                    yield return stored.PrefixAt(index);
                }
        }
    }

    /// <summary>Numbers of the checkpoint's live versions, ascending. Without versions that were restored after it.</summary>
    public IEnumerable<int> StoredNumbers =>
        _removed.Count == 0 ? stored.Numbers : stored.Numbers.Where(number => !_removed.Contains(number));

    /// <summary>Live versions that were published or restored after the checkpoint, ascending.</summary>
    public IEnumerable<VersionRecord> Added => _added.Values;

    public bool Contains(int number) =>
        _added.ContainsKey(number) || stored.Contains(number) && !_removed.Contains(number);

    /// <summary>Whether a live version of the checkpoint was changed after it.</summary>
    public bool IsChanged(int number) => _changes.ContainsKey(number);

    private int HighestAdded => _added.Count > 0 ? _added.Keys[_added.Count - 1] : -1;

    private int HighestStored => _top > 0 ? stored.Numbers[_top - 1] : -1;

    /// <summary>Adds a version that is not live.</summary>
    public void Add(VersionRecord record) => _added.Add(record.Number, record);

    /// <summary>Changes a live version.</summary>
    public void Change(int number, CatalogAction action)
    {
        if (_added.TryGetValue(number, out var record))
            _added[number] = record.After(action);
        else if (_changes.TryGetValue(number, out var changes))
            changes.Add(action);
        else
            _changes.Add(number, [action]);
    }

    /// <summary>Removes a live version.</summary>
    public void Remove(int number)
    {
        if (_added.Remove(number))
            return;
        _removed.Add(number);
        _changes.Remove(number);
        while (_top > 0 && _removed.Contains(stored.Numbers[_top - 1]))
            _top--;
    }

    /// <summary>Reads a version.</summary>
    /// <returns>Null if it is not live.</returns>
    public async ValueTask<VersionRecord?> FindAsync(int number, CancellationToken cancellationToken)
    {
        if (_added.TryGetValue(number, out var added))
            return added;
        if (!Contains(number))
            return null;
        var record = await stored.ReadAsync(number, cancellationToken).ConfigureAwait(false);
        return _changes.TryGetValue(number, out var changes)
            ? changes.Aggregate(record, (changed, action) => changed.After(action))
            : record;
    }

    /// <summary>Reads the versions with a digest, highest number first.</summary>
    public async IAsyncEnumerable<VersionRecord> FindAllAsync(
        Digest digest,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var added = _added.Values.Where(record => record.Digest == digest).Select(record => record.Number);
        var candidates = stored.CandidatesOf(digest).Where(number => !_added.ContainsKey(number)).Concat(added);
        foreach (var number in candidates.OrderByDescending(number => number).ToList())
            if (
                await FindAsync(number, cancellationToken).ConfigureAwait(false) is { } record
                && record.Digest == digest
            )
                yield return record;
    }

    /// <summary>Reads all versions, ascending by number.</summary>
    public async IAsyncEnumerable<VersionRecord> ReadAllAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        await stored.LoadAsync(StoredNumbers, cancellationToken).ConfigureAwait(false);
        foreach (var number in Numbers)
            yield return (await FindAsync(number, cancellationToken).ConfigureAwait(false))!;
    }

    // Both sequences are ascending, and no number is in both.
    private IEnumerable<int> MergedNumbers()
    {
        var next = 0;
        foreach (var number in StoredNumbers)
        {
            for (; next < _added.Count && _added.Keys[next] < number; next++)
                yield return _added.Keys[next];
            yield return number;
        }
        for (; next < _added.Count; next++)
            yield return _added.Keys[next];
    }
}
