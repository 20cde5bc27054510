namespace ArtifactsPS.Core.Manifests;

/// <summary>Stands on one page of one level of a tree, and moves to its neighbours without reading the pages themselves.</summary>
internal sealed class PageCursor
{
    private readonly PageReader _pages;

    // From the root down to the page that lists the one the cursor stands on.
    private readonly List<(ManifestPage Page, int Index)> _route;

    private PageCursor(PageReader pages, List<(ManifestPage, int)> route)
    {
        _pages = pages;
        _route = route;
    }

    public TreePage Current
    {
        get
        {
            var (page, index) = _route[_route.Count - 1];
            return (TreePage)page.Items[index];
        }
    }

    /// <summary>Finds the page of a level that holds a path, or would.</summary>
    /// <param name="pages">Reads pages.</param>
    /// <param name="root">Of a level above <paramref name="level"/>.</param>
    /// <param name="level">The level whose pages the cursor stands on.</param>
    /// <param name="place">The path, or any place in the order of paths.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    public static async Task<PageCursor> SeekAsync(
        PageReader pages,
        TreePage root,
        int level,
        string place,
        CancellationToken cancellationToken
    )
    {
        var route = new List<(ManifestPage, int)>();
        var reference = root;
        while (reference.Level > level)
        {
            var page = await pages.ReadAsync(reference, cancellationToken).ConfigureAwait(false);
            var index = Math.Max(0, page.IndexAtOrBefore(place));
            route.Add((page, index));
            reference = (TreePage)page.Items[index];
        }
        return new PageCursor(pages, route);
    }

    /// <returns>False at the level's end, where the cursor stays.</returns>
    public Task<bool> MoveNextAsync(CancellationToken cancellationToken) => MoveAsync(1, cancellationToken);

    /// <returns>False at the level's beginning, where the cursor stays.</returns>
    public Task<bool> MovePreviousAsync(CancellationToken cancellationToken) => MoveAsync(-1, cancellationToken);

    private async Task<bool> MoveAsync(int step, CancellationToken cancellationToken)
    {
        var turn = _route.Count - 1;
        while (turn >= 0 && !IsWithin(_route[turn].Page, _route[turn].Index + step))
            turn--;
        if (turn < 0)
            return false;
        _route[turn] = (_route[turn].Page, _route[turn].Index + step);
        for (var i = turn + 1; i < _route.Count; i++)
        {
            var above = _route[i - 1];
            var page = await _pages
                .ReadAsync((TreePage)above.Page.Items[above.Index], cancellationToken)
                .ConfigureAwait(false);
            _route[i] = (page, step > 0 ? 0 : page.Items.Count - 1);
        }
        return true;
    }

    private static bool IsWithin(ManifestPage page, int index) => index >= 0 && index < page.Items.Count;
}
