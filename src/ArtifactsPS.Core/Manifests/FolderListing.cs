using System.Runtime.CompilerServices;

namespace ArtifactsPS.Core.Manifests;

/// <summary>What stands directly in a folder.</summary>
/// <param name="Name">One segment of a path.</param>
/// <param name="Entry">Null for a folder.</param>
public readonly record struct FolderItem(string Name, ManifestEntry? Entry);

/// <summary>Lists a folder of a manifest. It costs a path down the tree for each folder in it, and the pages that hold its
/// own files, however much is below.</summary>
/// <param name="manifest">The manifest.</param>
/// <param name="prefix">The folder, empty or ending in <c>/</c>, and what names in it begin with.</param>
internal sealed class FolderListing(Manifest manifest, string prefix)
{
    // What comes right after the separator: what is below a/ ends where a0 would be.
    private const char AfterSeparator = (char)('/' + 1);

    public async IAsyncEnumerable<FolderItem> ItemsAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var place = prefix;
        var nameFrom = prefix.LastIndexOf('/') + 1;
        while (await SeekAsync(place, cancellationToken).ConfigureAwait(false) is var (page, index))
        while (index < page.Items.Count)
        {
            var entry = (ManifestEntry)page.Items[index];
            if (!entry.Path.IsBelow(prefix))
                yield break;
            var path = entry.Path.ToString();
            var slash = path.IndexOf('/', nameFrom);
            if (slash < 0)
            {
                yield return new FolderItem(path.Substring(nameFrom), entry);
                // Nothing can be between.
                place = path + '\0';
                index++;
            }
            else
            {
                yield return new FolderItem(path.Substring(nameFrom, slash - nameFrom), null);
                place = path.Substring(0, slash) + AfterSeparator;
                index = page.IndexAtOrAfter(place);
            }
        }
    }

    // The first entry at or after a place; null where there is none.
    private async Task<(ManifestPage Page, int Index)?> SeekAsync(string place, CancellationToken cancellationToken)
    {
        var (pages, root) = (manifest.Pages, manifest.Root);
        if (root.Level == 0)
        {
            var only = await pages.ReadAsync(root, cancellationToken).ConfigureAwait(false);
            return only.IndexAtOrAfter(place) is var at && at < only.Items.Count ? (only, at) : null;
        }
        var cursor = await PageCursor.SeekAsync(pages, root, 0, place, cancellationToken).ConfigureAwait(false);
        var page = await pages.ReadAsync(cursor.Current, cancellationToken).ConfigureAwait(false);
        var index = page.IndexAtOrAfter(place);
        if (index < page.Items.Count)
            return (page, index);
        return await cursor.MoveNextAsync(cancellationToken).ConfigureAwait(false)
            ? (await pages.ReadAsync(cursor.Current, cancellationToken).ConfigureAwait(false), 0)
            : null;
    }
}
