using ArtifactsPS.Core.Drafts;
using ArtifactsPS.Core.Manifests;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Publishing;

/// <summary>Entries of a draft as the content of a version.</summary>
/// <param name="tree">Its tree, whose new pages are in memory.</param>
internal sealed class DraftContent(ArtifactDraft draft, TreePage tree) : IVersionContent
{
    /// <inheritdoc/>
    public Digest Digest => tree.Digest;

    /// <summary>Root of the stored tree; null until it was stored.</summary>
    public PageReference? StoredRoot { get; private set; }

    /// <inheritdoc/>
    public async Task<PageReference> StoreAsync(StoreWriter writer, CancellationToken cancellationToken)
    {
        var stored = await draft.ReusablePagesAsync(cancellationToken).ConfigureAwait(false);
        var root = await writer.StoreTreeAsync(tree, stored, cancellationToken).ConfigureAwait(false);
        writer.RelyOn(root, draft.VersionsReliedOn, IsReplaced);
        StoredRoot = root;
        return root;
    }

    // An entry as in the base version stays where the base has it, until the version is healed.
    private bool IsReplaced(ManifestEntry entry) =>
        entry.Digest is { } digest && draft.FindAdded(digest) is { } added && added != entry.Location;
}
