using ArtifactsPS.Core.Content.Packs;

namespace ArtifactsPS.Core.Drafts;

/// <summary>Checks before a draft is published or contributed.</summary>
public static class DraftCompleteness
{
    /// <summary>Checks that everything that should have been added was added.</summary>
    /// <exception cref="ArtifactSpentException">The draft was published or contributed.</exception>
    /// <exception cref="ArtifactIncompleteException">Something could not be added.</exception>
    public static void CheckIsComplete(this ArtifactDraft draft)
    {
        draft.CheckUnspent();
        if (draft.Failures.ToList() is { Count: > 0 } failures)
            throw ArtifactIncompleteException.OfFailures(draft.Name, failures);
    }

    /// <summary>Checks that a draft has entries.</summary>
    /// <param name="orRemoves">Whether a draft that only removes entries of its base passes, too.</param>
    /// <exception cref="ArtifactSpentException">The draft was published or contributed.</exception>
    /// <exception cref="ArtifactEmptyException">The draft has no entries.</exception>
    public static void CheckIsNotEmpty(this ArtifactDraft draft, bool orRemoves)
    {
        draft.CheckUnspent();
        if (draft.FileCount == 0 && !(orRemoves && draft.SortedChanges().Count > 0))
            throw new ArtifactEmptyException(draft.Name);
    }

    /// <summary>Checks that no content was lost because the store failed after it was added.</summary>
    /// <exception cref="ArtifactIncompleteException">Content must be added again.</exception>
    internal static async Task CheckContentAsync(this ArtifactDraft draft, CancellationToken cancellationToken)
    {
        if (!await draft.Content.DropLostAsync(cancellationToken).ConfigureAwait(false))
            return;
        var lost = draft
            .SortedChanges()
            .Where(change => change.Entry?.Location.Container is PendingPack { IsLost: true })
            .Select(change => new ItemFailure(change.Path.ToString(), change.Entry!.Location.Container!.NotStored))
            .ToList();
        if (lost.Count > 0)
            throw ArtifactIncompleteException.OfLostContent(draft.Name, lost);
    }
}
