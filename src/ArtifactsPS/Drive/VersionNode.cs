using System.Management.Automation;
using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Output;

namespace ArtifactsPS.Drive;

/// <summary>A version, by its number or by an alias: what is in it.</summary>
internal sealed class VersionNode(PublishedVersion version, string name, bool isAlias) : DriveNode(name)
{
    // Its own view has the name that it is listed under, where else its artifact's is.
    private const string ViewName = "ArtifactsPS.Output.ArtifactVersion#Drive";

    private readonly FolderNode _root = new(version, name, "");

    public PublishedVersion Version => version;

    // What an alias names is listed under its number.
    public override bool IsListedThrough => !isAlias;

    public override object ToObject()
    {
        var item = new PSObject(new ArtifactVersion(version));
        item.TypeNames.Insert(0, ViewName);
        return item;
    }

    public override Task<DriveNode?> FindAsync(string name, CancellationToken cancellationToken) =>
        _root.FindAsync(name, cancellationToken);

    public override IAsyncEnumerable<DriveNode> ListAsync(CancellationToken cancellationToken) =>
        _root.ListAsync(cancellationToken);
}
