using System.Management.Automation;
using System.Runtime.CompilerServices;

namespace ArtifactsPS.Drive;

/// <summary>An item of a listing.</summary>
/// <param name="item">Output object.</param>
/// <param name="path">Path in the form of the listing.</param>
/// <param name="isContainer">Whether the item can have children.</param>
internal readonly struct DriveItem(object item, string path, bool isContainer)
{
    public object Item => item;

    public string Path => path;

    public bool IsContainer => isContainer;
}

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

    /// <summary>Makes an output object show in the view of drives, which is not that of its type.</summary>
    protected static PSObject InDriveView(object output)
    {
        var item = new PSObject(output);
        item.TypeNames.Insert(0, output.GetType().FullName + "#Drive");
        return item;
    }

    /// <summary>Finds a child node.</summary>
    /// <returns>Null if it doesn't exist.</returns>
    public abstract Task<DriveNode?> FindAsync(string name, CancellationToken cancellationToken);

    /// <summary>Lists the child nodes.</summary>
    public abstract IAsyncEnumerable<DriveNode> ListAsync(CancellationToken cancellationToken);

    /// <summary>Lists the child nodes, then for each of them its children and descendants in the same way, so that the items of
    /// a folder are adjacent.</summary>
    /// <param name="path">Path of this node, empty or ending with a separator. Paths of the descendants begin with it.</param>
    /// <param name="depth">Number of levels below the children; <see cref="uint.MaxValue"/> for all.</param>
    public virtual async IAsyncEnumerable<DriveItem> ListAsync(
        string path,
        uint depth,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var entered = new List<DriveNode>();
        await foreach (var child in ListAsync(cancellationToken).ConfigureAwait(false))
        {
            yield return new DriveItem(child.ToObject(), path + child.Name, child.IsContainer);
            if (depth > 0 && child.IsListedThrough)
                entered.Add(child);
        }
        var below = depth == uint.MaxValue ? depth : depth - 1;
        foreach (var child in entered)
        {
            var items = child.ListAsync(path + child.Name + Path.DirectorySeparatorChar, below, cancellationToken);
            await foreach (var item in items.ConfigureAwait(false))
                yield return item;
        }
    }

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
