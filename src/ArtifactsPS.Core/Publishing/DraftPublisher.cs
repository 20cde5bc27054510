using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Drafts;

namespace ArtifactsPS.Core.Publishing;

/// <summary>Turns a draft into a version: its content and pages first, then the one transaction that makes it findable.</summary>
public static class DraftPublisher
{
    /// <summary>Publishes a draft, which is spent then; if it fails the draft is as it was.</summary>
    /// <param name="draft">The draft.</param>
    /// <param name="aliases">To be moved to the version, besides <c>latest</c>.</param>
    /// <param name="tags">To be added to the version, besides the draft's own.</param>
    /// <param name="runId">The run that makes it.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>The new version, or the live one that has the same content.</returns>
    /// <exception cref="ArtifactSpentException">The draft was published before.</exception>
    /// <exception cref="ArtifactTypeMismatchException">The artifact is of another type.</exception>
    public static async Task<PublishedVersion> PublishAsync(
        ArtifactDraft draft,
        IReadOnlyList<string> aliases,
        IReadOnlyList<string> tags,
        string? runId,
        CancellationToken cancellationToken
    )
    {
        draft.CheckUnspent();
        var tree = await draft.BuildTreeAsync(cancellationToken).ConfigureAwait(false);
        var publication = new Publication
        {
            Name = draft.Name,
            Type = draft.Type,
            Root = tree,
            Description = draft.Description,
            Metadata = draft.Metadata,
            Tags = [.. draft.Tags, .. tags],
            Aliases = aliases,
            RunId = runId,
        };
        var stored = false;
        var version = await VersionPublisher
            .PublishAsync(draft.Store, publication, StoreAsync, cancellationToken)
            .ConfigureAwait(false);
        if (version.Deduplicated && draft.Known is { } known)
            await known.LookForAsync(version, cancellationToken).ConfigureAwait(false);
        if (draft.Known?.HasLosses == true)
        {
            // Where the content made no new version.
            if (!stored)
                await draft.StoreAsync(tree, cancellationToken).ConfigureAwait(false);
            await draft.HoldAsync(null, cancellationToken).ConfigureAwait(false);
            version = await VersionHealer
                .HealAsync(version, draft, tree, runId, cancellationToken)
                .ConfigureAwait(false);
        }
        await draft.SpendAsync(version).ConfigureAwait(false);
        return version;

        async Task StoreAsync(CatalogState current)
        {
            if (!stored)
                await draft.StoreAsync(tree, cancellationToken).ConfigureAwait(false);
            stored = true;
            // What live versions of this artifact hold can't be cleaned up before the transaction that is about to
            // follow, since a deletion would be a transaction before it. If one of them is gone, or lies elsewhere now,
            // all that the draft names has to be held.
            var isKept = draft.VersionsReliedOn.All(version => version.IsAsItWas(current));
            await draft.HoldAsync(isKept ? null : tree, cancellationToken).ConfigureAwait(false);
        }
    }
}
