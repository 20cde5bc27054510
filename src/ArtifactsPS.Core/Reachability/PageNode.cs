using ArtifactsPS.Core.Manifests;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Reachability;

/// <summary>A page at its place in a store, and what names it.</summary>
/// <param name="reference">What is said of the page; whoever says something else of it names another node.</param>
internal sealed class PageNode(PageReference reference)
{
    public PageReference Reference { get; } = reference;

    /// <summary>The pages that list it.</summary>
    public List<PageNode> Parents { get; } = new(1);

    /// <summary>Those whose root it is.</summary>
    public List<TreeOwner> Owners { get; } = [];

    /// <summary>Why it can't be read, and what is below it is not known; null where it was read.</summary>
    public ArtifactsException? Failure { get; set; }
}
