namespace ArtifactsPS.Core.Catalogs;

/// <summary>Moves versions of a checkpoint to pages. Pages without a change stay.</summary>
/// <param name="save">Saves the bytes of a new page.</param>
internal sealed class VersionPageWriter(Func<VersionPage, byte[], Task> save)
{
    private readonly List<VersionPage> _pages = [];

    /// <summary>All pages, ascending.</summary>
    public IReadOnlyList<VersionPage> Pages => _pages;

    /// <summary>Writes the pages of changed and restored versions again, and moves new versions to new pages as far as they
    /// fill them.</summary>
    /// <param name="table">The live versions.</param>
    /// <param name="lines">Versions that are not in a page, or differ from those in the pages.</param>
    /// <param name="maxLeft">Maximum length of the versions that may be left, in characters.</param>
    /// <returns>The versions that were left.</returns>
    public async Task<SortedDictionary<int, string>> MoveAsync(
        VersionTable table,
        SortedDictionary<int, string> lines,
        int maxLeft,
        CancellationToken cancellationToken
    )
    {
        using var live = table.Numbers.GetEnumerator();
        var hasLive = live.MoveNext();
        var moved = -1;
        foreach (var page in table.Stored.Pages)
        {
            var numbers = new List<int>();
            // A restored version may be in front of the page. It is in the lines.
            for (; hasLive && live.Current <= page.Last; hasLive = live.MoveNext())
                numbers.Add(live.Current);
            // A page that is mostly deleted is written again, too.
            if (2 * numbers.Count >= page.Count && !numbers.Exists(lines.ContainsKey))
                _pages.Add(page);
            else
            {
                var merged = new List<KeyValuePair<int, string>>();
                foreach (var number in numbers)
                {
                    if (!lines.TryGetValue(number, out var line))
                        line = await table.Stored.ReadLineAsync(number, cancellationToken).ConfigureAwait(false);
                    merged.Add(new KeyValuePair<int, string>(number, line));
                }
                await CutAsync(merged, 0).ConfigureAwait(false);
            }
            moved = page.Last;
        }
        return await CutAsync([.. lines.Where(line => line.Key > moved)], maxLeft).ConfigureAwait(false);
    }

    private async Task<SortedDictionary<int, string>> CutAsync(List<KeyValuePair<int, string>> lines, int maxLeft)
    {
        var (first, length) = (0, 0L);
        for (var i = 0; i < lines.Count; i++)
        {
            length += lines[i].Value.Length;
            var count = i - first + 1;
            var isLast = i == lines.Count - 1;
            if (count < VersionPage.MaxCount && length < VersionPage.FullLength && !(isLast && length > maxLeft))
                continue;
            var (page, bytes) = VersionPage.Encode(lines.GetRange(first, count));
            await save(page, bytes).ConfigureAwait(false);
            _pages.Add(page);
            (first, length) = (i + 1, 0);
        }
        var left = new SortedDictionary<int, string>();
        foreach (var line in lines.Skip(first))
            left.Add(line.Key, line.Value);
        return left;
    }
}
