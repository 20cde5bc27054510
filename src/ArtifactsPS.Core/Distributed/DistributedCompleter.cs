using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Catalogs.Rules;
using ArtifactsPS.Core.Concurrency;
using ArtifactsPS.Core.Content.Blobs;
using ArtifactsPS.Core.Drafts;
using ArtifactsPS.Core.Manifests;
using ArtifactsPS.Core.Publishing;
using ArtifactsPS.Core.Runs;
using ArtifactsPS.Core.Values;
using Newtonsoft.Json.Linq;

namespace ArtifactsPS.Core.Distributed;

/// <summary>Options for completing a version that several writers make.</summary>
public sealed record CompletionOptions
{
    /// <summary>Contribution of the completing writer; null for none.</summary>
    public ArtifactDraft? Draft { get; init; }

    /// <summary>Name of the completing writer.</summary>
    public required string Contributor { get; init; }

    /// <summary>Expected type of the contributions; null for any.</summary>
    public TypeName? Type { get; init; }

    /// <summary>Aliases to move to the version, besides <c>latest</c>.</summary>
    public IReadOnlyList<AliasName> Aliases { get; init; } = [];

    /// <summary>Tags of the version, besides those of the contributions.</summary>
    public IReadOnlyList<TagName> Tags { get; init; } = [];

    public ConflictAction OnConflict { get; init; }

    /// <summary>Id of the run that completes the version; null for none.</summary>
    public RunId? RunId { get; init; }

    /// <summary>Most changes that are applied to the base's tree in memory, which touches only the pages they fall into. More
    /// changes are merged as a stream, which builds the whole tree.</summary>
    internal long MaxChangesInMemory { get; init; } = 100_000;
}

/// <summary>
/// Completes a version: merges all contributions, seals the result, publishes it, and records the version's number. Each step
/// after merging is one key, created if absent. After a killed process, or beside another one, a caller continues with the
/// first step that isn't done, and so gets the same version.
/// </summary>
/// <param name="log">Log of the contributions.</param>
/// <param name="options">Options for completing it.</param>
public sealed class DistributedCompleter(DistributedLog log, CompletionOptions options)
{
    private readonly VersionStore _store = log.Store;

    /// <summary>Completes the version.</summary>
    /// <exception cref="DistributedArtifactNotFoundException">There are no contributions.</exception>
    /// <exception cref="DistributedConflictException">Two writers contributed different content for one path.</exception>
    /// <exception cref="DistributedArtifactLockedException">It was sealed without the contribution of this writer.</exception>
    public async Task<PublishedVersion> CompleteAsync(CancellationToken cancellationToken)
    {
        options.Draft?.CheckUnspent();
        var state = await log.ReadAsync(cancellationToken).ConfigureAwait(false);
        var writer = options.Draft is null ? new StoreWriter(_store) : StoreWriter.For(options.Draft);
        await using (writer.ConfigureAwait(false))
        {
            var own = await ContributeAsync(writer, state, cancellationToken).ConfigureAwait(false);
            var seal = state.Seal ?? await SealAsync(writer, state, own, cancellationToken).ConfigureAwait(false);
            // The seal of another process that includes the same contribution is as valid.
            if (own is not null && seal.Own?.HasSameContent(own) != true)
                throw log.Locked(state.Version, seal.By);

            var version = state.Version is { } number
                ? await FindAsync(number, cancellationToken).ConfigureAwait(false)
                : await PublishAsync(writer, state, seal, cancellationToken).ConfigureAwait(false);
            if (options.Draft is not null)
                await options.Draft.SpendAsync(published: null).ConfigureAwait(false);
            return version;
        }
    }

    /// <summary>Checks that the version could get the aliases now. Stores nothing, and looks for no conflicts.</summary>
    /// <exception cref="AliasProtectedException">A rule refuses to move an alias.</exception>
    /// <exception cref="ArtifactTypeMismatchException">The artifact has another type.</exception>
    /// <exception cref="DistributedArtifactNotFoundException">There are no contributions.</exception>
    public async Task CheckAsync(CancellationToken cancellationToken)
    {
        var state = await log.ReadAsync(cancellationToken).ConfigureAwait(false);
        if (state.Version is { } number)
        {
            var reference = ArtifactReference.To(log.Name, number);
            var version = await _store.FindAsync(reference, cancellationToken).ConfigureAwait(false);
            await AliasPreview
                .CheckMoveAsync(version, options.Aliases, expected: null, cancellationToken)
                .ConfigureAwait(false);
            return;
        }
        var type =
            state.Seal?.Type
            ?? state.Contributions.FirstOrDefault()?.Type
            ?? options.Draft?.Type
            ?? throw new DistributedArtifactNotFoundException(log.Name, log.Id.ToString(), _store.Location);
        var tags = state.Contributions.SelectMany(item => item.Tags).Concat(options.Draft?.Tags ?? []);
        var publication = new Publication
        {
            Name = log.Name,
            Type = type,
            Tags = state.Seal?.Tags ?? Merge(tags),
            Aliases = options.Aliases,
        };
        await Publisher
            .CheckAsync(_store, state.Seal?.Root.Digest, publication, cancellationToken)
            .ConfigureAwait(false);
    }

    private async Task<Contribution?> ContributeAsync(
        StoreWriter writer,
        DistributedState state,
        CancellationToken cancellationToken
    )
    {
        if (options.Draft is not { } draft)
            return null;
        if (state.Seal is null)
            await DraftContributor
                .CheckAsync(log, state.Contributions.FirstOrDefault(), draft, cancellationToken)
                .ConfigureAwait(false);
        return await DraftContributor
            .StoreAsync(writer, draft, options.Contributor, options.RunId, cancellationToken)
            .ConfigureAwait(false);
    }

    // Merges the contributions that are there, and does so again if another one comes before the seal.
    private async Task<Seal> SealAsync(
        StoreWriter writer,
        DistributedState state,
        Contribution? own,
        CancellationToken cancellationToken
    )
    {
        var id = Guid.NewGuid().ToString("N");
        var append = log.BeginAppend(state, id, DistributedState.SealKind);
        while (true)
        {
            if (state.Seal is { } existing)
                return existing;
            var seal = await MergeAsync(writer, state, id, own, cancellationToken).ConfigureAwait(false);
            var body = seal.ToJson(state.LastNumber + 1);
            if (
                await writer
                    .CommitAsync(append.NextKey, token => append.TryAppendAsync(body, token), cancellationToken)
                    .ConfigureAwait(false)
            )
                return state.Seal ?? throw new InvalidOperationException("An appended seal is not in the log's state.");
        }
    }

    private async Task<Seal> MergeAsync(
        StoreWriter writer,
        DistributedState state,
        string id,
        Contribution? own,
        CancellationToken cancellationToken
    )
    {
        if (!state.Exists && own is null)
            throw new DistributedArtifactNotFoundException(log.Name, log.Id.ToString(), _store.Location);
        if (options.Draft is { } draft)
            DraftContributor.Check(log, state.Contributions.FirstOrDefault(), draft);
        // The contribution of the completing writer comes last.
        own = own is null ? null : own with { Number = state.LastNumber + 1 };
        List<Contribution> all = [.. state.Contributions, .. own is null ? [] : new[] { own }];
        var type = all[0].Type;
        if (options.Type is { } expected && expected != type)
            throw new ArtifactTypeMismatchException(log.Name, type, expected);
        // A version that the artifact can't have must not be sealed.
        await DraftContributor.CheckTypeAsync(log, type, cancellationToken).ConfigureAwait(false);
        var described = DraftContributor.Describe(all, own);
        var tags = Merge(all.SelectMany(item => item.Tags));
        VersionLimits.CheckTags(tags);
        return new Seal
        {
            Id = id,
            At = Timestamp.Now(),
            By = Author.Current,
            RunId = options.RunId,
            Own = own,
            Type = type,
            // Everything else that the tree needs is protected by the contributions before the seal.
            Root = await MergeTreesAsync(writer, all, cancellationToken).ConfigureAwait(false),
            Description = described.Description,
            Metadata = described.Metadata,
            Tags = tags,
        };
    }

    private List<TagName> Merge(IEnumerable<TagName> contributed) => [.. contributed.Concat(options.Tags).Distinct()];

    private async Task<PageReference> MergeTreesAsync(
        StoreWriter writer,
        List<Contribution> all,
        CancellationToken cancellationToken
    )
    {
        var merger = new ContributionMerger(log, all, options.OnConflict);
        return all[0].Base is { } from && FitInMemory(all)
            ? await EditAsync(from.Root, merger, writer, cancellationToken).ConfigureAwait(false)
            : await BuildAsync(all[0].Base?.Root, merger, writer, cancellationToken).ConfigureAwait(false);
    }

    private bool FitInMemory(List<Contribution> all)
    {
        // A decimal, because records may have any number.
        var remaining = (decimal)options.MaxChangesInMemory;
        foreach (var item in all)
            remaining -= (decimal)item.Adds.EntryCount + item.RemovedCount;
        return remaining >= 0;
    }

    private async Task<PageReference> EditAsync(
        PageReference from,
        ContributionMerger merger,
        StoreWriter writer,
        CancellationToken cancellationToken
    )
    {
        var changes = new List<EntryChange>();
        await foreach (var change in merger.MergeAsync(cancellationToken).ConfigureAwait(false))
            changes.Add(change);
        var editor = new ManifestEditor(_store.Pages, cancellationToken);
        var root = await editor.ApplyAsync(from, changes).ConfigureAwait(false);
        return await writer.StoreTreeAsync(root, cancellationToken).ConfigureAwait(false);
    }

    private async Task<PageReference> BuildAsync(
        PageReference? from,
        ContributionMerger merger,
        StoreWriter writer,
        CancellationToken cancellationToken
    )
    {
        var stored = new Dictionary<Digest, PageReference>();
        var changes = merger.MergeAsync(cancellationToken);
        IAsyncEnumerable<ManifestEntry> entries;
        if (from is null)
            entries = ManifestOverlay.EntriesAsync(AsyncStream.Of<ManifestEntry>([]), changes, cancellationToken);
        else
        {
            var manifest = new Manifest(_store.Pages, from);
            await foreach (var page in manifest.PagesAsync(cancellationToken).ConfigureAwait(false))
                stored[page.Digest] = page;
            entries = ManifestOverlay.EntriesAsync(
                manifest.EntriesAsync(cancellationToken),
                changes,
                cancellationToken
            );
        }
        var builder = new TreeBuilder(writer.Content, stored, cancellationToken);
        await foreach (var entry in entries.ConfigureAwait(false))
            await builder.AddAsync(entry).ConfigureAwait(false);
        return await writer.StoreTreeAsync(builder, cancellationToken).ConfigureAwait(false);
    }

    private async Task<PublishedVersion> PublishAsync(
        StoreWriter writer,
        DistributedState state,
        Seal seal,
        CancellationToken cancellationToken
    )
    {
        var publication = new Publication
        {
            Name = log.Name,
            Type = seal.Type,
            Description = seal.Description,
            Metadata = seal.Metadata,
            Tags = seal.Tags,
            Aliases = options.Aliases,
            RunId = seal.RunId,
            ProducedBy = [.. state.Contributions.Select(item => item.RunId).Append(seal.RunId).OfType<RunId>()],
            SealId = seal.Id,
        };
        var version = await PublishAsync(writer, new SealedContent(seal.Root), publication, cancellationToken)
            .ConfigureAwait(false);

        var id = Guid.NewGuid().ToString("N");
        var append = log.BeginAppend(state, id, DistributedState.CompletedKind);
        while (
            // Published in spite of an abandonment that came after the seal was read.
            state.Version
                is null
            && state.Seal?.Id == seal.Id
            && !await append
                .TryAppendAsync(
                    new JObject
                    {
                        ["id"] = id,
                        ["version"] = version.Record.Number,
                        ["at"] = Timestamp.Format(Timestamp.Now()),
                        ["by"] = Author.Current,
                    },
                    cancellationToken
                )
                .ConfigureAwait(false)
        )
            continue;
        return version;
    }

    private static async Task<PublishedVersion> PublishAsync(
        StoreWriter writer,
        IVersionContent content,
        Publication publication,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return await Publisher.PublishAsync(writer, content, publication, cancellationToken).ConfigureAwait(false);
        }
        catch (ArtifactTypeMismatchException e)
        {
            throw new ArtifactTypeMismatchException(
                publication.Name,
                e.Actual,
                publication.Type,
                "The contributions are sealed. Remove the artifact's versions of the other type and complete again, or "
                    + "discard the contributions with Remove-DistributedArtifact -Force."
            );
        }
    }

    private async Task<PublishedVersion> FindAsync(int number, CancellationToken cancellationToken)
    {
        var version = await _store
            .FindAsync(ArtifactReference.To(log.Name, number), cancellationToken)
            .ConfigureAwait(false);
        return options.Aliases.Count == 0
            ? version
            : await VersionEditor
                .SetAliasesAsync(version, options.Aliases, options.RunId, cancellationToken)
                .ConfigureAwait(false);
    }

    // The log protects the content only until it is abandoned, which may happen at any time.
    private sealed class SealedContent(PageReference root) : IVersionContent
    {
        public Digest Digest => root.Digest;

        public async Task<PageReference> StoreAsync(StoreWriter writer, CancellationToken cancellationToken)
        {
            writer.Content.Objects.Add(
                await ReusedContent.ObjectsOfAsync(writer.Store, root, cancellationToken).ConfigureAwait(false)
            );
            return root;
        }
    }
}
