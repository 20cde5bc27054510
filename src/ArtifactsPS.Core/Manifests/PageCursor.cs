namespace ArtifactsPS.Core.Manifests;

/// <summary>Position on one page of a tree's level. Moves to neighbouring pages without reading the pages of that level.</summary>
internal sealed class PageCursor
{
    private readonly PageReader _pages;

    // Pages from the root down to the parent of the current page, with the index of the child to follow.
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

    /// <summary>Finds the page of a level that contains a path, or would contain it.</summary>
    /// <param name="root">Root whose level is higher than <paramref name="level"/>.</param>
    /// <param name="position">Path, or any text that marks a position in path order.</param>
    public static async Task<PageCursor> SeekAsync(
        PageReader pages,
        TreePage root,
        int level,
        string position,
        CancellationToken cancellationToken
    )
    {
        var route = new List<(ManifestPage, int)>();
        var reference = root;
        while (reference.Level > level)
        {
            var page = await pages.ReadAsync(reference, cancellationToken).ConfigureAwait(false);
            var index = Math.Max(0, page.IndexAtOrBefore(position));
            route.Add((page, index));
            reference = (TreePage)page.Items[index];
        }
        return new PageCursor(pages, route);
    }

    /// <returns>False at the end of the level; the cursor then stays where it is.</returns>
    public Task<bool> MoveNextAsync(CancellationToken cancellationToken) => MoveAsync(1, cancellationToken);

    /// <returns>False at the start of the level; the cursor then stays where it is.</returns>
    public Task<bool> MovePreviousAsync(CancellationToken cancellationToken) => MoveAsync(-1, cancellationToken);

    private async Task<bool> MoveAsync(int step, CancellationToken cancellationToken)
    {
        var depth = _route.Count - 1;
        while (depth >= 0 && !IsWithin(_route[depth].Page, _route[depth].Index + step))
            depth--;
        if (depth < 0)
            return false;
        _route[depth] = (_route[depth].Page, _route[depth].Index + step);
        for (var i = depth + 1; i < _route.Count; i++)
        {
            var parent = _route[i - 1];
            var page = await _pages
                .ReadAsync((TreePage)parent.Page.Items[parent.Index], cancellationToken)
                .ConfigureAwait(false);
            _route[i] = (page, step > 0 ? 0 : page.Items.Count - 1);
        }
        return true;
    }

    private static bool IsWithin(ManifestPage page, int index) => index >= 0 && index < page.Items.Count;
}
