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

    // Entries are sorted, so that those of a folder are adjacent. Reads each page once, whatever the number of folders.
    private async IAsyncEnumerable<DriveItem> ListAllAsync(
        string listed,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var (artifact, store) = (version.Reference, version.Store.Location);
        var entries = version.Manifest.EntriesAsync(path, cancellationToken);
        // Folder of the previous entry.
        var folder = path;
        await foreach (var entry in entries.ConfigureAwait(false))
        {
            var text = entry.Path.ToString();
            var start = CommonFolderLength(folder, text);
            for (var slash = text.IndexOf('/', start); slash >= 0; slash = text.IndexOf('/', start))
            {
                start = slash + 1;
                folder = text.Substring(0, start);
                yield return new DriveItem(new ArtifactFolder(folder, artifact, store), Listed(folder), true);
            }
            folder = folder.Length == start ? folder : text.Substring(0, start);
            yield return new DriveItem(new ArtifactEntry(entry, artifact, store), Listed(text), false);
        }

        string Listed(string entryPath) =>
            listed + entryPath.Substring(path.Length).TrimEnd('/').Replace('/', Path.DirectorySeparatorChar);
    }

    // Length of the longest folder that contains both a folder and an entry.
    private static int CommonFolderLength(string folder, string entry)
    {
        var length = 0;
        for (var i = 0; i < Math.Min(folder.Length, entry.Length) && folder[i] == entry[i]; i++)
            if (folder[i] == '/')
                length = i + 1;
        return length;
    }
}
