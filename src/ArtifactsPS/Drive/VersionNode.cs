using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Catalogs.Links;
using ArtifactsPS.Output;

namespace ArtifactsPS.Drive;

/// <summary>A version, listed under its number or an alias.</summary>
/// <param name="links">Finds its links and its source.</param>
internal sealed class VersionNode(PublishedVersion version, LinkSearch links, string name, bool isAlias)
    : DriveNode(name)
{
    private readonly FolderNode _root = new(version, name, "");

    public PublishedVersion Version => version;

    // The version of an alias is already listed under its number.
    public override bool IsListedThrough => !isAlias;

    // The provider asks for objects synchronously.
    public override object ToObject() =>
        InDriveView(
            ArtifactVersion.Of(
                version,
                links,
                read => Task.Run(() => read(CancellationToken.None)).GetAwaiter().GetResult()
            )
        );

    public override Task<DriveNode?> FindAsync(string name, CancellationToken cancellationToken) =>
        _root.FindAsync(name, cancellationToken);

    public override IAsyncEnumerable<DriveItem> ListAsync(
        string path,
        uint depth,
        CancellationToken cancellationToken
    ) => _root.ListAsync(path, depth, cancellationToken);

    public override IAsyncEnumerable<DriveNode> ListAsync(CancellationToken cancellationToken) =>
        _root.ListAsync(cancellationToken);
}
