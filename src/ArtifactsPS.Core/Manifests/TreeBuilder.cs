using ArtifactsPS.Core.Content.Blobs;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Manifests;

/// <summary>
/// Builds a tree from entries in path order. Writes each page as soon as it is full, so memory use is one page per level.
/// The result equals the tree that <see cref="ManifestEditor"/> builds from the same entries. Not safe for concurrent
/// callers.
/// </summary>
/// <param name="writer">Receives the pages. It is not flushed.</param>
/// <param name="stored">Pages that the store already has, by digest. They are reused.</param>
/// <param name="cancellationToken">Cancels all calls.</param>
internal sealed class TreeBuilder(
    ContentWriter writer,
    IReadOnlyDictionary<Digest, PageReference> stored,
    CancellationToken cancellationToken
)
{
    private readonly ManifestWriter _pages = new(stored, writer, cancellationToken);
    private readonly List<Level> _levels = [];

    /// <summary>Adds an entry. Its path must be after all earlier ones.</summary>
    public ValueTask AddAsync(ManifestEntry entry) => AddAsync(0, entry);

    /// <summary>Writes the remaining pages.</summary>
    /// <returns>The stored root.</returns>
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

        /// <summary>Number of written pages of the level.</summary>
        public int Pages { get; init; }
    }
}
