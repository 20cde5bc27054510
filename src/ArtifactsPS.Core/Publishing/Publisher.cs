using ArtifactsPS.Core.Attestations.Evidence;
using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Catalogs.Rules;
using ArtifactsPS.Core.Drafts;
using ArtifactsPS.Core.Manifests;
using ArtifactsPS.Core.Runs;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Publishing;

/// <summary>Publishes content as a version: stores it first, then commits the one transaction that makes it a version.
/// Content that a live version has already makes no new version.</summary>
public static class Publisher
{
    /// <summary>Publishes a draft. The draft is spent afterwards; if publishing fails, it is unchanged.</summary>
    /// <param name="aliases">Aliases to move to the version, besides <c>latest</c>.</param>
    /// <param name="tags">Tags of the version, besides the draft's own.</param>
    /// <param name="expected">Where all these aliases must be at the time of the transaction; null for anywhere.</param>
    /// <param name="runId">Id of the run that publishes it; null for none.</param>
    /// <returns>The new version, or the live one that has the same content.</returns>
    /// <exception cref="AliasMovedException">An alias is elsewhere.</exception>
    /// <exception cref="AliasProtectedException">A rule refuses to move an alias.</exception>
    /// <exception cref="ArtifactSpentException">The draft was published before.</exception>
    /// <exception cref="ArtifactIncompleteException">Content was lost because the store failed, and must be added again.</exception>
    /// <exception cref="ArtifactTypeMismatchException">The artifact has another type.</exception>
    /// <exception cref="ObjectCleanedUpException">Content that the draft relies on was cleaned up.</exception>
    public static async Task<PublishedVersion> PublishAsync(
        ArtifactDraft draft,
        IReadOnlyList<AliasName> aliases,
        IReadOnlyList<TagName> tags,
        AliasExpectation? expected,
        RunId? runId,
        CancellationToken cancellationToken
    )
    {
        draft.CheckUnspent();
        await draft.CheckContentAsync(cancellationToken).ConfigureAwait(false);
        var tree = await draft.BuildTreeAsync(cancellationToken).ConfigureAwait(false);
        var content = new DraftContent(draft, tree);
        var publication = new Publication
        {
            Name = draft.Name,
            Type = draft.Type,
            Description = draft.Description,
            Metadata = draft.Metadata,
            Tags = [.. draft.Tags, .. tags],
            Aliases = aliases,
            Expected = expected,
            RunId = runId,
            ProducedBy = runId is null ? [] : [runId],
            Sources = runId is null ? draft.Sources.ToList() : [],
        };
        var writer = StoreWriter.For(draft);
        await using (writer.ConfigureAwait(false))
        {
            var version = await PublishAsync(writer, content, publication, cancellationToken).ConfigureAwait(false);
            if (version.Deduplicated && draft.Existing is { } existing)
                await existing.CheckRootAsync(version, cancellationToken).ConfigureAwait(false);
            if (draft.Existing?.HasDamage == true)
            {
                // Needed where the content made no new version.
                var root =
                    content.StoredRoot ?? await content.StoreAsync(writer, cancellationToken).ConfigureAwait(false);
                version = await VersionHealer
                    .HealAsync(version, draft, root, runId, cancellationToken)
                    .ConfigureAwait(false);
            }
            await draft.SpendAsync(version).ConfigureAwait(false);
            return version;
        }
    }

    /// <inheritdoc cref="PublishAsync(ArtifactDraft, IReadOnlyList{AliasName}, IReadOnlyList{TagName}, AliasExpectation?, RunId?, CancellationToken)"/>
    public static Task<PublishedVersion> PublishAsync(
        ArtifactDraft draft,
        IReadOnlyList<AliasName> aliases,
        IReadOnlyList<TagName> tags,
        RunId? runId,
        CancellationToken cancellationToken
    ) => PublishAsync(draft, aliases, tags, expected: null, runId, cancellationToken);

    /// <summary>Checks that publishing a draft could move aliases now. Stores nothing.</summary>
    /// <inheritdoc cref="PublishAsync(ArtifactDraft, IReadOnlyList{AliasName}, IReadOnlyList{TagName}, AliasExpectation?, RunId?, CancellationToken)" path="/param"/>
    /// <exception cref="AliasMovedException">An alias is elsewhere.</exception>
    /// <exception cref="AliasProtectedException">A rule refuses to move an alias.</exception>
    public static async Task CheckAliasesAsync(
        ArtifactDraft draft,
        IReadOnlyList<AliasName> aliases,
        IReadOnlyList<TagName> tags,
        AliasExpectation? expected,
        CancellationToken cancellationToken
    )
    {
        var tree = await draft.BuildTreeAsync(cancellationToken).ConfigureAwait(false);
        var publication = new Publication
        {
            Name = draft.Name,
            Type = draft.Type,
            Tags = [.. draft.Tags, .. tags],
            Aliases = aliases,
            Expected = expected,
        };
        await CheckAsync(draft.Store, tree.Digest, publication, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Checks that content could be published now. Stores nothing.</summary>
    /// <param name="digest">Digest of the content; null if it is not known before the content is stored.</param>
    /// <exception cref="AliasMovedException">An alias is elsewhere.</exception>
    /// <exception cref="AliasProtectedException">A rule refuses to move an alias.</exception>
    /// <exception cref="ArtifactTypeMismatchException">The artifact has another type.</exception>
    internal static async Task CheckAsync(
        VersionStore store,
        Digest? digest,
        Publication publication,
        CancellationToken cancellationToken
    )
    {
        var (aliases, tags) = (publication.Aliases, publication.Tags);
        var catalog = store.OpenCatalog(publication.Name);
        var state = await catalog.ReadAsync(cancellationToken).ConfigureAwait(false);
        CheckType(state, publication.Type);
        if (publication.Expected is { } expected)
            await expected.CheckAsync(catalog, state, aliases, cancellationToken).ConfigureAwait(false);
        var existing = digest is null
            ? null
            : await ExpiredVersions
                .FindUnexpiredAsync(store, state, digest.Value, publication.CanReuse, cancellationToken)
                .ConfigureAwait(false);
        var actions = await catalog.Protection.PendingRulesAsync(state, cancellationToken).ConfigureAwait(false);
        var moved = publication.KeepsLatest ? aliases : [AliasName.Latest, .. aliases];
        var changes = existing is null
            ? AliasChanges.OfNewVersion(state, aliases, tags)
            : AliasChanges.Of(state, Reuse(state, existing, moved, tags));
        await catalog.Protection.RequireAllowedAsync(state, actions, changes, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Publishes content.</summary>
    /// <param name="writer">Writer of the content.</param>
    /// <param name="content">The content.</param>
    /// <param name="publication">Everything else about the version.</param>
    /// <returns>The new version, or the live one that has the same content.</returns>
    /// <exception cref="AliasMovedException">An alias is elsewhere.</exception>
    /// <exception cref="AliasProtectedException">A rule refuses to move an alias.</exception>
    /// <exception cref="ArtifactTypeMismatchException">The artifact has another type.</exception>
    /// <exception cref="ObjectCleanedUpException">Content that the version relies on was cleaned up.</exception>
    internal static async Task<PublishedVersion> PublishAsync(
        StoreWriter writer,
        IVersionContent content,
        Publication publication,
        CancellationToken cancellationToken
    )
    {
        var aliases = publication.Aliases.Distinct().ToList();
        var tags = publication.Tags.Distinct().ToList();
        CheckLimits(publication, aliases, tags);
        var catalog = writer.Store.OpenCatalog(publication.Name);
        var update = await catalog.BeginUpdateAsync(publication.RunId, cancellationToken).ConfigureAwait(false);
        PageReference? root = null;
        bool deduplicated;
        int number;
        while (true)
        {
            var state = update.State;
            CheckType(state, publication.Type);
            if (publication.Expected is { } expected)
                await expected.CheckAsync(catalog, state, aliases, cancellationToken).ConfigureAwait(false);
            var existing = await ExpiredVersions
                .FindUnexpiredAsync(writer.Store, state, content.Digest, publication.CanReuse, cancellationToken)
                .ConfigureAwait(false);
            if (existing is not null)
            {
                number = existing.Number;
                var isFromSeal = existing.SealId is { } id && id == publication.SealId;
                var keepsLatest = isFromSeal || publication.KeepsLatest;
                var actions = Reuse(state, existing, keepsLatest ? aliases : [AliasName.Latest, .. aliases], tags);
                deduplicated = !isFromSeal;
                if (actions.Count == 0 || await update.TryCommitAsync(actions, cancellationToken).ConfigureAwait(false))
                    break;
                continue;
            }
            // Content that can't become a version with these aliases need not be stored.
            if (
                root is null
                && !await update
                    .TryAllowAsync(AliasChanges.OfNewVersion(state, aliases, tags), cancellationToken)
                    .ConfigureAwait(false)
            )
                continue;
            root ??= await content.StoreAsync(writer, cancellationToken).ConfigureAwait(false);
            number = state.NextVersion;
            var record = NewRecord(publication, root, tags, number);
            deduplicated = false;
            if (await writer.CommitAsync(update, ActionsFor(record, aliases), cancellationToken).ConfigureAwait(false))
                break;
        }
        var published = await update.State.FindAsync(number, cancellationToken).ConfigureAwait(false);
        var version = new PublishedVersion(writer.Store, update.State, published!)
        {
            Deduplicated = deduplicated,
            Written = writer.Content.Volume,
        };
        var links = new RunLinks(writer.Store);
        foreach (var run in publication.ProducedBy.Distinct())
            await links.AddAsync(run, version, RunRole.Output, cancellationToken).ConfigureAwait(false);
        if (publication is { RunId: { } publisher, ProducedBy.Count: > 0 })
            await Provenance
                .RecordAsync(version, publisher, Environment.GetEnvironmentVariable, cancellationToken)
                .ConfigureAwait(false);
        return version;
    }

    /// <param name="advise">Returns the way out from the artifact's type, with a full stop; null for the advice to a
    /// publisher.</param>
    /// <exception cref="ArtifactTypeMismatchException">The artifact has another type.</exception>
    internal static void CheckType(CatalogState state, TypeName type, Func<TypeName, string>? advise = null)
    {
        if (state.Type is { } actual && actual != type)
            throw new ArtifactTypeMismatchException(state.Name, actual, type, advise?.Invoke(actual));
    }

    /// <exception cref="MetadataTooLargeException">A limit is exceeded.</exception>
    private static void CheckLimits(
        Publication publication,
        IReadOnlyCollection<AliasName> aliases,
        IEnumerable<TagName> tags
    )
    {
        VersionLimits.CheckDescription(publication.Description);
        VersionLimits.CheckMetadata(publication.Metadata);
        VersionLimits.CheckTags(tags);
        VersionLimits.CheckAliases(aliases);
    }

    private static VersionRecord NewRecord(
        Publication publication,
        PageReference root,
        IReadOnlyList<TagName> tags,
        int number
    ) =>
        new()
        {
            Number = number,
            Type = publication.Type,
            Root = root,
            CreatedAt = Timestamp.Now(),
            CreatedBy = Author.Current,
            Description = publication.Description,
            Metadata = publication.Metadata,
            Tags = tags,
            RunId = publication.RunId,
            Sources = publication.Sources,
            SealId = publication.SealId,
            Link = publication.Link,
        };

    /// <summary>Actions that publish a version and move aliases to it.</summary>
    internal static IReadOnlyList<CatalogAction> ActionsFor(VersionRecord record, IReadOnlyList<AliasName> aliases) =>
        [
            new PublishAction(record),
            .. aliases
                .Distinct()
                .Where(alias => !alias.IsLatest)
                .Select(alias => new SetAliasAction(alias, record.Number)),
        ];

    private static List<CatalogAction> Reuse(
        CatalogState state,
        VersionRecord existing,
        IReadOnlyList<AliasName> aliases,
        IReadOnlyList<TagName> tags
    )
    {
        List<CatalogAction> actions = [.. VersionBatchEditor.ActionsTo(state, aliases, existing.Number)];
        var added = tags.Where(tag => !existing.Tags.Contains(tag)).ToList();
        if (added.Count > 0)
        {
            VersionLimits.CheckTags(existing.Tags.Concat(added));
            actions.Add(new EditAction(existing.Number) { AddTags = added });
        }
        return actions;
    }
}

/// <summary>An artifact has another type than the given one.</summary>
/// <param name="advice">The way out, with a full stop; null for the advice to a publisher.</param>
public sealed class ArtifactTypeMismatchException(
    ArtifactName name,
    TypeName actual,
    TypeName given,
    string? advice = null
)
    : ArtifactsException(
        $"The artifact '{name}' has the type '{actual}', not '{given}'. "
            + (advice ?? $"Use -Type '{actual}', or publish under another name."),
        name.ToString()
    )
{
    /// <summary>Type of the live versions.</summary>
    public TypeName Actual { get; } = actual;

    public override string ErrorId => "ArtifactTypeMismatch";

    public override ErrorKind Kind => ErrorKind.InvalidArgument;
}
