using System.Buffers;
using System.IO.Hashing;
using System.Text;
using ArtifactsPS.Core.Concurrency;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Manifests;

/// <summary>
/// Splits sorted items into pages. A run begins at an item whose path's XXH64 has six zero bits, about every 64 items. Each level
/// uses other bits of the hash. A run of more than 96 items is split after every 96. Pages therefore depend only on their items,
/// not on earlier edits, and a change affects only its own run.
/// </summary>
/// <remarks>A changed entry rewrites a page of each level. Larger pages, or runs without a limit, make a small change of a large
/// version expensive: at random, a change meets large pages more often than small ones.</remarks>
internal static class PageCutter
{
    /// <summary>Maximum number of items of a page.</summary>
    public const int MaxItems = 96;

    private const int ItemsAtOnce = 4096;
    private const int BitsPerLevel = 6;
    private const int LevelsPerHash = 64 / BitsPerLevel;
    private const ulong LevelMask = (1 << BitsPerLevel) - 1;

    /// <summary>Whether a path begins a run on a level, regardless of its neighbours.</summary>
    public static bool BeginsRun(EntryPath path, int level)
    {
        var text = path.ToString();
        var bytes = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(text.Length));
        var length = Encoding.UTF8.GetBytes(text, 0, text.Length, bytes, 0);
        var hash = XxHash64.HashToUInt64(bytes.AsSpan(0, length), seed: level / LevelsPerHash);
        ArrayPool<byte>.Shared.Return(bytes);
        return (hash >> (level % LevelsPerHash * BitsPerLevel) & LevelMask) == 0;
    }

    /// <summary>Whether a page with <paramref name="count"/> items ends before the item with this path.</summary>
    public static bool EndsBefore(EntryPath path, int level, int count) => count == MaxItems || BeginsRun(path, level);

    /// <summary>Splits complete runs of items into pages.</summary>
    public static List<TreePage> Cut(int level, List<IPageItem> items)
    {
        var begins = new bool[items.Count];
        InParallel.For(
            (items.Count + ItemsAtOnce - 1) / ItemsAtOnce,
            part =>
            {
                for (var i = part * ItemsAtOnce; i < Math.Min(items.Count, (part + 1) * ItemsAtOnce); i++)
                    begins[i] = BeginsRun(items[i].Key, level);
            }
        );
        var pages = new List<List<IPageItem>>();
        var start = 0;
        for (var i = 1; i <= items.Count; i++)
            if (i == items.Count || i - start == MaxItems || begins[i])
            {
                pages.Add(items.GetRange(start, i - start));
                start = i;
            }
        var references = new TreePage[pages.Count];
        InParallel.For(pages.Count, i => references[i] = new ManifestPage(level, pages[i]).ToUnstoredPage());
        return [.. references];
    }
}
