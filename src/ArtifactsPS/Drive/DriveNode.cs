namespace ArtifactsPS.Drive;

/// <summary>Item of a drive: the store, an artifact, a version, a folder or a file.</summary>
/// <param name="name">Name within the parent node.</param>
internal abstract class DriveNode(string name)
{
    public string Name { get; } = name;

    /// <summary>Whether the node can have children.</summary>
    public virtual bool IsContainer => true;

    /// <summary>Whether a recursive listing includes the node's children.</summary>
    public virtual bool IsListedThrough => IsContainer;

    /// <summary>Creates the output object.</summary>
    public abstract object ToObject();

    /// <summary>Finds a child node.</summary>
    /// <returns>Null if it doesn't exist.</returns>
    public abstract Task<DriveNode?> FindAsync(string name, CancellationToken cancellationToken);

    /// <summary>Lists the child nodes.</summary>
    public abstract IAsyncEnumerable<DriveNode> ListAsync(CancellationToken cancellationToken);

    /// <summary>Finds the node that a path names.</summary>
    /// <param name="path">Names, starting below the store.</param>
    /// <returns>Null if it doesn't exist.</returns>
    public static async Task<DriveNode?> FindAsync(
        KnownCatalogs catalogs,
        IEnumerable<string> path,
        CancellationToken cancellationToken
    )
    {
        DriveNode? node = new StoreNode(catalogs);
        foreach (var name in path)
            if (node is not null)
                node = await node.FindAsync(name, cancellationToken).ConfigureAwait(false);
        return node;
    }
}
