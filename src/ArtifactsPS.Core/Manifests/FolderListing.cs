using System.Runtime.CompilerServices;

namespace ArtifactsPS.Core.Manifests;

/// <summary>File or folder directly in a folder.</summary>
/// <param name="Name">Last segment of its path.</param>
/// <param name="Entry">Null for a folder.</param>
public readonly record struct FolderItem(string Name, ManifestEntry? Entry);

/// <summary>Lists the direct children of a folder. Reads one path down the tree for each subfolder, and the pages with the
/// folder's own files. The number of entries in subfolders doesn't matter.</summary>
/// <param name="prefix">Folder, empty or ending in <c>/</c>, optionally followed by the first characters of the names to list.</param>
internal sealed class FolderListing(Manifest manifest, string prefix)
{
    // Next character after the separator: in path order, all entries below a/ come before a0.
    private const char AfterSeparator = (char)('/' + 1);

    public async IAsyncEnumerable<FolderItem> ItemsAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var position = prefix;
        var nameStart = prefix.LastIndexOf('/') + 1;
        while (await SeekAsync(position, cancellationToken).ConfigureAwait(false) is var (page, index))
        while (index < page.Items.Count)
        {
            var entry = (ManifestEntry)page.Items[index];
            if (!entry.Path.IsBelow(prefix))
                yield break;
            var path = entry.Path.ToString();
            var slash = path.IndexOf('/', nameStart);
            if (slash < 0)
            {
                yield return new FolderItem(path.Substring(nameStart), entry);
                // Smallest text after this path.
                position = path + '\0';
                index++;
            }
            else
            {
                yield return new FolderItem(path.Substring(nameStart, slash - nameStart), null);
                position = path.Substring(0, slash) + AfterSeparator;
                index = page.IndexAtOrAfter(position);
            }
        }
    }

    // Finds the first entry at or after a position; null at the end.
    private async Task<(ManifestPage Page, int Index)?> SeekAsync(string position, CancellationToken cancellationToken)
    {
        var (pages, root) = (manifest.Pages, manifest.Root);
        if (root.Level == 0)
        {
            var only = await pages.ReadAsync(root, cancellationToken).ConfigureAwait(false);
            return only.IndexAtOrAfter(position) is var at && at < only.Items.Count ? (only, at) : null;
        }
        var cursor = await PageCursor.SeekAsync(pages, root, 0, position, cancellationToken).ConfigureAwait(false);
        var page = await pages.ReadAsync(cursor.Current, cancellationToken).ConfigureAwait(false);
        var index = page.IndexAtOrAfter(position);
        if (index < page.Items.Count)
            return (page, index);
        return await cursor.MoveNextAsync(cancellationToken).ConfigureAwait(false)
            ? (await pages.ReadAsync(cursor.Current, cancellationToken).ConfigureAwait(false), 0)
            : null;
    }
}
