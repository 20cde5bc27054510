using System.Runtime.CompilerServices;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Catalogs;

/// <summary>An artifact's live versions: those of a checkpoint, and the changes of the transactions after it.</summary>
/// <param name="stored">Versions of the checkpoint.</param>
internal sealed class VersionTable(StoredVersions stored)
{
    // Published after the checkpoint, and live.
    private readonly SortedList<int, VersionRecord> _published = [];

    // Changes of the checkpoint's versions, oldest first. They are applied when a version is read.
    private readonly Dictionary<int, List<CatalogAction>> _changes = [];
    private readonly HashSet<int> _removed = [];

    // Number of the checkpoint's versions up to its highest live one.
    private int _top = stored.Numbers.Count;

    public StoredVersions Stored => stored;

    public int Count => stored.Numbers.Count - _removed.Count + _published.Count;

    /// <summary>The highest number; -1 if there are no versions.</summary>
    public int Highest =>
        _published.Count > 0 ? _published.Keys[_published.Count - 1]
        : _top > 0 ? stored.Numbers[_top - 1]
        : -1;

    /// <summary>Numbers, ascending.</summary>
    public IEnumerable<int> Numbers => StoredNumbers.Concat(_published.Keys);

    /// <summary>Numbers of the checkpoint's live versions, ascending.</summary>
    public IEnumerable<int> StoredNumbers =>
        _removed.Count == 0 ? stored.Numbers : stored.Numbers.Where(number => !_removed.Contains(number));

    /// <summary>Live versions published after the checkpoint, ascending.</summary>
    public IEnumerable<VersionRecord> Published => _published.Values;

    /// <summary>Number of versions whose record differs from the checkpoint's.</summary>
    public int ChangeCount => _published.Count + _changes.Count;

    public bool Contains(int number) =>
        _published.ContainsKey(number) || stored.Contains(number) && !_removed.Contains(number);

    /// <summary>Whether a live version of the checkpoint was changed after it.</summary>
    public bool IsChanged(int number) => _changes.ContainsKey(number);

    /// <summary>Adds a version with a higher number than all others.</summary>
    public void Publish(VersionRecord record) => _published.Add(record.Number, record);

    /// <summary>Changes a live version.</summary>
    public void Change(int number, CatalogAction action)
    {
        if (_published.TryGetValue(number, out var record))
            _published[number] = record.After(action);
        else if (_changes.TryGetValue(number, out var changes))
            changes.Add(action);
        else
            _changes.Add(number, [action]);
    }

    /// <summary>Removes a live version.</summary>
    public void Remove(int number)
    {
        if (_published.Remove(number))
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
        if (_published.TryGetValue(number, out var published))
            return published;
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
        foreach (var record in _published.Values.Reverse())
            if (record.Digest == digest)
                yield return record;
        foreach (var number in stored.CandidatesOf(digest).Reverse())
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
}
