using ArtifactsPS.Core.Manifests;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Reachability;

/// <summary>Page at a location in a store, with its parents and owners.</summary>
/// <param name="reference">Description of the page. A reference with another description has its own node.</param>
internal sealed class PageNode(PageReference reference)
{
    // Null for most pages.
    private List<PageNode>? _parents;
    private List<TreeOwner>? _owners;

    public PageReference Reference { get; } = reference;

    /// <summary>Pages that list this page.</summary>
    public List<PageNode> Parents => _parents ??= new List<PageNode>(1);

    /// <summary>Owners of the trees with this root.</summary>
    public List<TreeOwner> Owners => _owners ??= [];

    /// <summary>Reason why the page can't be read, so that its children are unknown; null if it was read.</summary>
    public ArtifactsException? Failure { get; set; }
}
