using ArtifactsPS.Content;
using ArtifactsPS.Manifests;
using ArtifactsPS.Stores;

namespace ArtifactsPS.Catalogs;

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
        foreach (var alias in aliases)
            Names.CheckAlias(alias);
        var allTags = draft.Tags.Concat(tags.Select(Names.CheckTag)).Distinct(Names.Comparer).ToList();
        var tree = await draft.BuildTreeAsync(cancellationToken).ConfigureAwait(false);
        var stored = false;
        var deduplicated = false;

        var state = await draft
            .Store.OpenCatalog(draft.Name)
            .CommitAsync(
                async current =>
                {
                    if (current.Type is { } type && !Names.Comparer.Equals(type, draft.Type))
                        throw new ArtifactTypeMismatchException(current.Name, type, draft.Type);
                    deduplicated = current.Find(tree.Digest) is not null;
                    if (current.Find(tree.Digest) is { } existing)
                        return Reuse(current, existing, aliases, allTags);
                    if (!stored)
                        await draft.StoreAsync(tree, cancellationToken).ConfigureAwait(false);
                    stored = true;
                    await CheckReusedAsync(draft, tree, current, cancellationToken).ConfigureAwait(false);
                    return Publish(NewRecord(draft, tree, allTags, current.NextVersion, runId), aliases);
                },
                runId,
                cancellationToken
            )
            .ConfigureAwait(false);
        await draft.SpendAsync().ConfigureAwait(false);
        return new PublishedVersion(draft.Store, state, state.Find(tree.Digest)!) { Deduplicated = deduplicated };
    }

    private static VersionRecord NewRecord(
        ArtifactDraft draft,
        PageReference tree,
        IReadOnlyList<string> tags,
        int number,
        string? runId
    ) =>
        new()
        {
            Number = number,
            Type = draft.Type,
            Root = tree,
            CreatedAt = Timestamp.Now(),
            CreatedBy = Author.Current,
            Description = draft.Description,
            Metadata = draft.Metadata,
            Tags = tags,
            RunId = runId,
        };

    private static List<CatalogAction> Publish(VersionRecord record, IReadOnlyList<string> aliases)
    {
        var actions = new List<CatalogAction> { new PublishAction(record) };
        actions.AddRange(
            aliases
                .Distinct(Names.Comparer)
                .Where(alias => !Names.Comparer.Equals(alias, Names.Latest))
                .Select(alias => new SetAliasAction(alias, record.Number))
        );
        return actions;
    }

    private static List<CatalogAction> Reuse(
        CatalogState state,
        VersionRecord existing,
        IReadOnlyList<string> aliases,
        IReadOnlyList<string> tags
    )
    {
        var actions = new List<CatalogAction>();
        foreach (var alias in aliases.Prepend(Names.Latest).Distinct(Names.Comparer))
            if (!state.Aliases.TryGetValue(alias, out var number) || number != existing.Number)
                actions.Add(new SetAliasAction(alias, existing.Number));
        var added = tags.Where(tag => !existing.Tags.Contains(tag, Names.Comparer)).ToList();
        if (added.Count > 0)
            actions.Add(new EditAction(existing.Number) { AddTags = added });
        return actions;
    }

    // What live versions of this artifact hold can't be cleaned up before the transaction that is about to follow, since
    // a deletion would be a transaction before it. If one of them is gone, all that the draft names is made young again.
    private static async Task CheckReusedAsync(
        ArtifactDraft draft,
        PageReference tree,
        CatalogState state,
        CancellationToken cancellationToken
    )
    {
        if (draft.VersionsReliedOn.All(version => state.Find(version.Record.Number) is not null))
            return;
        var objects = new HashSet<Digest>();
        var manifest = new Manifest(draft.Store.Pages, tree);
        await foreach (var page in manifest.PagesAsync(cancellationToken).ConfigureAwait(false))
            objects.Add(page.Location.Object!.Digest!.Value);
        await foreach (var entry in manifest.EntriesAsync(cancellationToken).ConfigureAwait(false))
            if (entry.Location.Object?.Digest is { } digest)
                objects.Add(digest);
        foreach (var digest in objects)
            if (
                !await draft
                    .Store.Objects.TouchAsync(ObjectHandle.KeyOf(digest), cancellationToken)
                    .ConfigureAwait(false)
            )
                throw new ObjectMissingException(draft.Store.Location, ObjectHandle.KeyOf(digest));
    }
}

/// <summary>An artifact has one type, and it is another.</summary>
public sealed class ArtifactTypeMismatchException(string name, string actual, string given)
    : ArtifactsException(
        $"'{name}' is of type '{actual}', not '{given}'. Give -Type '{actual}', or publish under another name.",
        name
    );
