using System.Globalization;
using System.Text;

namespace ArtifactsPS.Core.Tests.Manifests;

/// <summary>Entries whose content is not stored, and trees of them.</summary>
internal static class Trees
{
    public static ManifestEntry Entry(string path, int content, bool executable = false)
    {
        var digest = Sha256.Of(Encoding.UTF8.GetBytes($"content {content}"));
        var blob = new Blob(digest, 100 + content, new BlobLocation(new StoredObject(digest), 0));
        return ManifestEntry.File(EntryPath.Parse(path), blob, executable);
    }

    public static EntryChange Add(ManifestEntry entry) => new(entry.Path, entry);

    public static EntryChange Remove(string path) => new(EntryPath.Parse(path), null);

    /// <summary>Builds a tree from scratch.</summary>
    public static Task<TreePage> BuildAsync(PageReader pages, IEnumerable<ManifestEntry> entries) =>
        EditAsync(pages, null, entries.Select(Add));

    public static Task<TreePage> EditAsync(PageReader pages, TreePage? root, IEnumerable<EntryChange> changes) =>
        new ManifestEditor(pages, Token).ApplyAsync(root, [.. changes.OrderBy(change => change.Path)]);

    /// <summary>Lists every page of a tree, stored or in memory, the root first.</summary>
    public static async Task<List<TreePage>> PagesAsync(PageReader pages, TreePage root)
    {
        var all = new List<TreePage> { root };
        if (root.Level > 0)
            foreach (var item in (await pages.ReadAsync(root, Token)).Items)
                all.AddRange(await PagesAsync(pages, (TreePage)item));
        return all;
    }

    /// <summary>Describes all pages of a tree as text: level, first path, totals and digest.</summary>
    public static async Task<string> DescribeAsync(PageReader pages, TreePage root)
    {
        var text = new StringBuilder();
        foreach (var page in await PagesAsync(pages, root))
            text.AppendLine(
                CultureInfo.InvariantCulture,
                $"{page.Level} {(page == root ? "" : page.First)} {page.EntryCount} {page.TotalSize} {page.Digest}"
            );
        return text.ToString();
    }

    /// <summary>Stores the pages of a tree. Returns its root without the first path, as a catalog records it.</summary>
    public static async Task<PageReference> StoreAsync(IObjectStore store, TreePage root)
    {
        await using var writer = new ContentWriter(store);
        var stored = await new ManifestWriter(new Dictionary<Digest, PageReference>(), writer, Token).WriteTreeAsync(
            root
        );
        await writer.FlushAsync(Token);
        return new PageReference
        {
            First = default,
            Level = root.Level,
            Digest = root.Digest,
            EntryCount = root.EntryCount,
            TotalSize = root.TotalSize,
            Location = stored.Location,
            Length = stored.Length,
        };
    }
}
