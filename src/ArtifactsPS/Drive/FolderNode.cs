using System.Runtime.CompilerServices;
using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Manifests;
using ArtifactsPS.Core.Values;
using ArtifactsPS.Output;

namespace ArtifactsPS.Drive;

/// <summary>A folder of a version.</summary>
/// <param name="path">Path within the version: empty, or ending in <c>/</c>.</param>
internal sealed class FolderNode(PublishedVersion version, string name, string path) : DriveNode(name)
{
    // Number of entries that are read at once, to be output folder by folder.
    private const int MaxSorted = 2048;

    public override object ToObject() => new ArtifactFolder(path, version.Reference, version.Store.Location);

    public override async Task<DriveNode?> FindAsync(string name, CancellationToken cancellationToken)
    {
        if (!EntryPath.TryParse(path + name, out var child))
            return null;
        var manifest = version.Manifest;
        if (await manifest.FindAsync(child, cancellationToken).ConfigureAwait(false) is { } entry)
            return new FileNode(version, entry);
        return await manifest.HasFolderAsync(child + "/", cancellationToken).ConfigureAwait(false)
            ? new FolderNode(version, name, child + "/")
            : null;
    }

    public override async IAsyncEnumerable<DriveNode> ListAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        await foreach (var item in version.Manifest.ListAsync(path, cancellationToken).ConfigureAwait(false))
            yield return item.Entry is { } entry
                ? new FileNode(version, entry)
                : new FolderNode(version, item.Name, $"{path}{item.Name}/");
    }

    public override IAsyncEnumerable<DriveItem> ListAsync(
        string path,
        uint depth,
        CancellationToken cancellationToken
    ) =>
        depth == uint.MaxValue ? ListAllAsync(path, cancellationToken) : base.ListAsync(path, depth, cancellationToken);

    // Listing folder by folder would read a page for each of many small folders.
    private async IAsyncEnumerable<DriveItem> ListAllAsync(
        string listed,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var entries = new List<ManifestEntry>();
        var isComplete = true;
        await foreach (var entry in version.Manifest.EntriesAsync(path, cancellationToken).ConfigureAwait(false))
        {
            isComplete = entries.Count < MaxSorted;
            if (!isComplete)
                break;
            entries.Add(entry);
        }
        if (isComplete)
            foreach (var item in ItemsOf(entries, 0, entries.Count, path, listed))
                yield return item;
        else
            await foreach (var item in base.ListAsync(listed, uint.MaxValue, cancellationToken).ConfigureAwait(false))
                yield return item;
    }

    // The items of a folder, then those of its folders. Entries are sorted, so that those below a folder are adjacent.
    private IEnumerable<DriveItem> ItemsOf(
        List<ManifestEntry> entries,
        int first,
        int end,
        string folder,
        string listed
    )
    {
        var (artifact, store) = (version.Reference, version.Store.Location);
        var folders = new List<(string Path, int First, int End)>();
        for (var i = first; i < end; )
        {
            var entry = entries[i].Path.ToString();
            var slash = entry.IndexOf('/', folder.Length);
            if (slash < 0)
            {
                var file = new ArtifactEntry(entries[i], artifact, store);
                yield return new DriveItem(file, listed + entry.Substring(folder.Length), false);
                i++;
                continue;
            }
            var (child, start) = (entry.Substring(0, slash + 1), i);
            while (i < end && entries[i].Path.IsBelow(child))
                i++;
            folders.Add((child, start, i));
            var item = new ArtifactFolder(child, artifact, store);
            yield return new DriveItem(item, listed + child.Substring(folder.Length, slash - folder.Length), true);
        }
        foreach (var (child, start, next) in folders)
        {
            var below = listed + child.Substring(folder.Length, child.Length - folder.Length - 1);
            foreach (var item in ItemsOf(entries, start, next, child, below + Path.DirectorySeparatorChar))
                yield return item;
        }
    }
}
