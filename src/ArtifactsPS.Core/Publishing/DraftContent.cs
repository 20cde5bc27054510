using ArtifactsPS.Core.Drafts;
using ArtifactsPS.Core.Manifests;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Publishing;

/// <summary>Entries of a draft as the content of a version.</summary>
/// <param name="tree">Its tree, whose new pages are in memory.</param>
internal sealed class DraftContent(ArtifactDraft draft, PageReference tree) : IVersionContent
{
    /// <inheritdoc/>
    public Digest Digest => tree.Digest;

    /// <summary>Whether the tree was stored.</summary>
    public bool IsStored { get; private set; }

    /// <inheritdoc/>
    public async Task<PageReference> StoreAsync(StoreWriter writer, CancellationToken cancellationToken)
    {
        var stored = await draft.ReusablePagesAsync(cancellationToken).ConfigureAwait(false);
        var root = await writer.StoreTreeAsync(tree, stored, cancellationToken).ConfigureAwait(false);
        writer.RelyOn(root, draft.VersionsReliedOn);
        IsStored = true;
        return root;
    }
}
