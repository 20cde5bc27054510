namespace ArtifactsPS.Core.Tests.Manifests;

/// <summary>
/// Sample paths, selected by whether they begin a page. Of random paths, one in 64 begins a page and one in 4,096 a
/// page of pages. These samples contain enough of both to make small trees tall.
/// </summary>
internal static class PathUniverse
{
    private static readonly Lazy<string[]> LazyTall = new(CreateTall);
    private static readonly Lazy<string[]> LazyUncut = new(() =>
        [.. All().Where(path => !BeginsRun(path, 0)).Take(5000).Order(Order)]
    );

    /// <summary>Paths with few entries per page and few pages per page of pages: levels 0, 1 and 2.</summary>
    public static string[] Tall => LazyTall.Value;

    /// <summary>Paths that don't begin a page: pages end only when they are full.</summary>
    public static string[] Uncut => LazyUncut.Value;

    /// <summary>Random paths.</summary>
    public static string[] Plain { get; } = [.. All().Take(4000).Order(Order)];

    private static IComparer<string> Order => Comparer<string>.Create(EntryPath.Compare);

    private static string[] CreateTall()
    {
        var plain = new List<string>();
        var pages = new List<string>();
        var pagesOfPages = new List<string>();
        foreach (var path in All())
        {
            if (!BeginsRun(path, 0))
            {
                if (plain.Count < 700)
                    plain.Add(path);
            }
            else if (BeginsRun(path, 1))
                pagesOfPages.Add(path);
            else if (pages.Count < 300)
                pages.Add(path);
            if (pagesOfPages.Count == 16)
                break;
        }
        return [.. plain.Concat(pages).Concat(pagesOfPages).Order(Order)];
    }

    private static IEnumerable<string> All()
    {
        string[] folders = ["\uE000", "\U0001F600", "a b", "[x]", "z/y", "z"];
        for (var i = 0; ; i++)
            yield return $"{folders[i % folders.Length]}/{(uint)i * 2654435761u:x8}";
    }

    private static bool BeginsRun(string path, int level) => PageCutter.BeginsRun(EntryPath.Parse(path), level);
}
