using ArtifactsPS.Core.Content.Blobs;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Manifests;

/// <summary>
/// Builds a tree from entries that come in the order of paths, writing each page as soon as it is full, so that memory
/// holds one page a level however many entries there are. The tree is the one that <see cref="ManifestEditor"/> makes of
/// the same entries. Not for concurrent callers.
/// </summary>
/// <param name="writer">Where pages go; not flushed.</param>
/// <param name="stored">Pages that the store has already, by digest.</param>
/// <param name="cancellationToken">Stops it.</param>
internal sealed class TreeBuilder(
    ContentWriter writer,
    IReadOnlyDictionary<Digest, PageReference> stored,
    CancellationToken cancellationToken
)
{
    private readonly ManifestWriter _pages = new(stored, writer, cancellationToken);
    private readonly List<Level> _levels = [];

    /// <summary>Adds the next entry.</summary>
    public ValueTask AddAsync(ManifestEntry entry) => AddAsync(0, entry);

    /// <summary>Ends the tree.</summary>
    /// <returns>Its root, which is written as all below it is.</returns>
    public async Task<PageReference> CompleteAsync()
    {
        if (_levels.Count == 0)
            _levels.Add(new Level());
        for (var level = 0; ; level++)
        {
            var last = await WritePageAsync(level).ConfigureAwait(false);
            if (_levels[level].Pages == 1)
                return last;
            await AddAsync(level + 1, last).ConfigureAwait(false);
        }
    }

    private async ValueTask AddAsync(int level, IPageItem item)
    {
        if (level == _levels.Count)
            _levels.Add(new Level());
        var items = _levels[level].Items;
        if (items.Count > 0 && PageCutter.EndsBefore(item.Key, level, items.Count))
        {
            var page = await WritePageAsync(level).ConfigureAwait(false);
            await AddAsync(level + 1, page).ConfigureAwait(false);
        }
        _levels[level].Items.Add(item);
    }

    private async Task<PageReference> WritePageAsync(int level)
    {
        var page = await _pages
            .WritePageAsync(new ManifestPage(level, _levels[level].Items).ToUnstoredPage())
            .ConfigureAwait(false);
        _levels[level] = new Level { Pages = _levels[level].Pages + 1 };
        return page;
    }

    private sealed class Level
    {
        public List<IPageItem> Items { get; } = [];

        /// <summary>How many pages of the level were written.</summary>
        public int Pages { get; init; }
    }
}
