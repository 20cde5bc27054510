using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Concurrency;
using ArtifactsPS.Core.Manifests;
using ArtifactsPS.Output;

namespace ArtifactsPS.Drive;

/// <summary>An entry of a version: a file, or a reference.</summary>
internal sealed class FileNode(PublishedVersion version, ManifestEntry entry) : DriveNode(entry.Path.Name)
{
    public PublishedVersion Version => version;

    public ManifestEntry Entry => entry;

    public override bool IsContainer => false;

    public override object ToObject() => new ArtifactEntry(entry, version.Reference, version.Store.Location);

    public override Task<DriveNode?> FindAsync(string name, CancellationToken cancellationToken) =>
        Task.FromResult<DriveNode?>(null);

    public override IAsyncEnumerable<DriveNode> ListAsync(CancellationToken cancellationToken) =>
        AsyncStream.Of<DriveNode>([]);
}
