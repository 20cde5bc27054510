using System.Runtime.CompilerServices;
using ArtifactsPS.Core.Manifests;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Restoring;

/// <summary>Entries that at least one of several selectors selects. Remembers which selectors have matched.</summary>
internal sealed class EntrySelection
{
    private readonly List<(string Prefix, List<EntrySelector> Selectors)> _groups = [];
    private readonly HashSet<EntrySelector> _unmatched;

    public EntrySelection(IReadOnlyList<EntrySelector> selectors)
    {
        _unmatched = [.. selectors.Where(selector => !selector.IsPattern)];
        // Groups whose prefixes exclude each other, so that no entry is read twice.
        foreach (
            var selector in selectors.OrderBy(selector => selector.Prefix, Comparer<string>.Create(EntryPath.Compare))
        )
        {
            var last = _groups.Count - 1;
            if (last >= 0 && selector.Prefix.StartsWith(_groups[last].Prefix, StringComparison.Ordinal))
                _groups[last].Selectors.Add(selector);
            else
                _groups.Add((selector.Prefix, [selector]));
        }
    }

    /// <summary>Selectors that name an entry and have matched none.</summary>
    public IReadOnlyCollection<EntrySelector> Unmatched => _unmatched;

    /// <summary>Whether a path is selected.</summary>
    public bool Selects(EntryPath path) => MatchesOf(path).Any();

    /// <summary>Whether an entry of a version is selected. Its selectors count as matched.</summary>
    public bool SelectsEntry(EntryPath path)
    {
        var isSelected = false;
        foreach (var selector in MatchesOf(path))
        {
            isSelected = true;
            if (_unmatched.Count == 0)
                break;
            _unmatched.Remove(selector);
        }
        return isSelected;
    }

    /// <summary>Reads the entries that may be selected, sorted by path.</summary>
    public async IAsyncEnumerable<ManifestEntry> CandidatesAsync(
        Manifest manifest,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        foreach (var (prefix, _) in _groups)
        await foreach (var entry in manifest.EntriesAsync(prefix, cancellationToken).ConfigureAwait(false))
            yield return entry;
    }

    /// <summary>Reads the selected entries, sorted by path.</summary>
    public async IAsyncEnumerable<ManifestEntry> EntriesAsync(
        Manifest manifest,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        await foreach (var entry in CandidatesAsync(manifest, cancellationToken).ConfigureAwait(false))
            if (Selects(entry.Path))
                yield return entry;
    }

    private IEnumerable<EntrySelector> MatchesOf(EntryPath path) =>
        _groups
            .Where(group => path.IsBelow(group.Prefix))
            .SelectMany(group => group.Selectors.Where(selector => selector.Matches(path)));
}
