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
}
