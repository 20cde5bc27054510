namespace ArtifactsPS.Drive;

/// <summary>Something that a path on a drive names: the store, an artifact, a version, a folder or file of it.</summary>
/// <param name="name">What it is called within the node above.</param>
internal abstract class DriveNode(string name)
{
    public string Name { get; } = name;

    /// <summary>Whether other nodes can be below it.</summary>
    public virtual bool IsContainer => true;

    /// <summary>Whether listing at any depth goes on below it.</summary>
    public virtual bool IsListedThrough => IsContainer;

    /// <summary>What is written for it.</summary>
    public abstract object ToObject();

    /// <summary>Finds a node directly below.</summary>
    /// <returns>Null where there is none.</returns>
    public abstract Task<DriveNode?> FindAsync(string name, CancellationToken cancellationToken);

    /// <summary>Lists the nodes directly below.</summary>
    public abstract IAsyncEnumerable<DriveNode> ListAsync(CancellationToken cancellationToken);

    /// <summary>Finds the node that a path names.</summary>
    /// <param name="catalogs">The drive's.</param>
    /// <param name="path">Names from the store down.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>Null where there is none.</returns>
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
