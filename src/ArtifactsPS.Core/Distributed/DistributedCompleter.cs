using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Concurrency;
using ArtifactsPS.Core.Content.Blobs;
using ArtifactsPS.Core.Drafts;
using ArtifactsPS.Core.Manifests;
using ArtifactsPS.Core.Publishing;
using ArtifactsPS.Core.Runs;
using ArtifactsPS.Core.Values;
using Newtonsoft.Json.Linq;

namespace ArtifactsPS.Core.Distributed;

/// <summary>How to complete a collaboration.</summary>
public sealed record CompletionOptions
{
    /// <summary>What the completing writer contributes itself; null for nothing.</summary>
    public ArtifactDraft? Draft { get; init; }

    /// <summary>The completing writer.</summary>
    public required string Contributor { get; init; }

    /// <summary>The type that the contributions are expected to have; null for any.</summary>
    public string? Type { get; init; }

    /// <summary>To be moved to the version, besides <c>latest</c>.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>Added to the version, besides those of the contributions.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    public ConflictAction OnConflict { get; init; }

    /// <summary>The run that completes it.</summary>
    public string? RunId { get; init; }

    /// <summary>So many changes are applied to a base's tree in memory, touching only the pages they fall into; where
    /// there are more, the whole tree is built anew, as a stream.</summary>
    internal long MaxChangesInMemory { get; init; } = 100_000;
}

/// <summary>
/// Makes one version of all contributions: merges them, seals what was merged, publishes it, and notes the version. Each
/// step but the first is one key, created if absent; whoever comes after a killed process takes up at the step that isn't
/// done, so that calling it again, or twice at once, gives the same version.
/// </summary>
/// <param name="log">The collaboration.</param>
/// <param name="options">How to complete it.</param>
public sealed class DistributedCompleter(DistributedLog log, CompletionOptions options)
{
    private readonly VersionStore _store = log.Store;

    /// <summary>Completes it.</summary>
    /// <exception cref="DistributedArtifactNotFoundException">Nobody contributed anything.</exception>
    /// <exception cref="DistributedConflictException">Two writers contributed different content for one path.</exception>
    /// <exception cref="DistributedArtifactLockedException">It was sealed without what this writer contributes.</exception>
    public async Task<PublishedVersion> CompleteAsync(CancellationToken cancellationToken)
    {
        options.Draft?.CheckUnspent();
        foreach (var alias in options.Aliases)
            Names.CheckAlias(alias);
        var state = await log.ReadAsync(cancellationToken).ConfigureAwait(false);
        Contribution? own = null;
        if (options.Draft is { } draft)
        {
            if (state.Seal is null)
                await DraftContributor.CheckAsync(log, state, draft, cancellationToken).ConfigureAwait(false);
            own = await DraftContributor
                .StoreAsync(draft, options.Contributor, options.RunId, cancellationToken)
                .ConfigureAwait(false);
        }
        var sealId = Guid.NewGuid().ToString("N");
        await log.AppendAsync(
                state,
                sealId,
                DistributedState.SealKind,
                () => SealAsync(state, sealId, own, cancellationToken),
                cancellationToken
            )
            .ConfigureAwait(false);
        if (options.Draft is not null)
            await DraftContributor.HoldAsync(options.Draft, cancellationToken).ConfigureAwait(false);
        // Somebody else's seal that holds the same is as good.
        if (own is not null && state.Seal!.Own?.HasSameContent(own) != true)
            throw log.Locked(state);

        var version = state.Version is { } number
            ? await FindAsync(number, cancellationToken).ConfigureAwait(false)
            : await PublishAsync(state, cancellationToken).ConfigureAwait(false);
        if (options.Draft is not null)
            await options.Draft.SpendAsync(published: null).ConfigureAwait(false);
        return version;
    }

    // Merges what is there now; asked again if another contribution comes before the seal.
    private async Task<JObject?> SealAsync(
        DistributedState state,
        string id,
        Contribution? own,
        CancellationToken cancellationToken
    )
    {
        if (state.Seal is not null)
            return null;
        if (!state.Exists && own is null)
            throw new DistributedArtifactNotFoundException(log.Name, log.Id, _store.Location);
        if (options.Draft is { } draft)
            DraftContributor.Check(log, state, draft);
        // The completing writer's own comes last.
        List<Contribution> all = [.. state.Contributions];
        if (own is not null)
        {
            await DraftContributor.HoldAsync(options.Draft!, cancellationToken).ConfigureAwait(false);
            all.Add(own = own with { Number = state.LastNumber + 1 });
        }
        var type = all[0].Type;
        if (options.Type is { } expected && !Names.Comparer.Equals(expected, type))
            throw new ArtifactTypeMismatchException(log.Name, type, expected);
        // What the artifact can't take must not be sealed: there would be no way back.
        await DraftContributor.CheckTypeAsync(log, type, cancellationToken).ConfigureAwait(false);
        var described = Describe(all, own);
        var seal = new Seal
        {
            Id = id,
            At = Timestamp.Now(),
            By = Author.Current,
            RunId = options.RunId,
            Own = own,
            Type = type,
            Root = await MergeAsync(all, cancellationToken).ConfigureAwait(false),
            Description = described.Description,
            Metadata = described.Metadata,
            Tags = [.. all.SelectMany(item => item.Tags).Concat(options.Tags).Distinct(Names.Comparer)],
        };
        return seal.ToJson(state.LastNumber + 1);
    }

    // The completing writer's word counts; else that of the contributors in the order of their names, later ones over
    // earlier ones, so that it does not depend on who came first.
    private static (string? Description, JObject? Metadata) Describe(List<Contribution> all, Contribution? own)
    {
        string? description = null;
        var metadata = new JObject();
        foreach (
            var item in all.OrderBy(item => item == own)
                .ThenBy(item => item.Contributor, StringComparer.Ordinal)
                .ThenBy(item => item.Number)
        )
        {
            description = item.Description ?? description;
            foreach (var property in item.Metadata?.Properties() ?? [])
                metadata[property.Name] = property.Value.DeepClone();
        }
        return (description, metadata.Count > 0 ? metadata : null);
    }

    private async Task<PageReference> MergeAsync(List<Contribution> all, CancellationToken cancellationToken)
    {
        var merger = new ContributionMerger(log, all, options.OnConflict);
        var writer = new ContentWriter(_store.Objects);
        await using (writer.ConfigureAwait(false))
        {
            var root =
                all[0].Base is { } from && FitInMemory(all)
                    ? await EditAsync(from.Root, merger, writer, cancellationToken).ConfigureAwait(false)
                    : await BuildAsync(all[0].Base?.Root, merger, writer, cancellationToken).ConfigureAwait(false);
            await writer.FlushAsync(cancellationToken).ConfigureAwait(false);
            // All else that the tree needs, contributions before the seal keep.
            await writer.Held.HoldAsync(cancellationToken).ConfigureAwait(false);
            return root;
        }
    }

    private bool FitInMemory(List<Contribution> all)
    {
        // Records can say any number.
        var left = (decimal)options.MaxChangesInMemory;
        foreach (var item in all)
            left -= (decimal)item.Adds.EntryCount + item.RemovedCount;
        return left >= 0;
    }

    private async Task<PageReference> EditAsync(
        PageReference from,
        ContributionMerger merger,
        ContentWriter writer,
        CancellationToken cancellationToken
    )
    {
        var changes = new List<EntryChange>();
        await foreach (var change in merger.MergeAsync(cancellationToken).ConfigureAwait(false))
            changes.Add(change);
        var editor = new ManifestEditor(_store.Pages, cancellationToken);
        var root = await editor.ApplyAsync(from, changes).ConfigureAwait(false);
        await new ManifestWriter(new Dictionary<Digest, PageReference>(), writer, cancellationToken)
            .WriteTreeAsync(root)
            .ConfigureAwait(false);
        return root;
    }

    private async Task<PageReference> BuildAsync(
        PageReference? from,
        ContributionMerger merger,
        ContentWriter writer,
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
        var builder = new TreeBuilder(writer, stored, cancellationToken);
        await foreach (var entry in entries.ConfigureAwait(false))
            await builder.AddAsync(entry).ConfigureAwait(false);
        return await builder.CompleteAsync().ConfigureAwait(false);
    }

    private async Task<PublishedVersion> PublishAsync(DistributedState state, CancellationToken cancellationToken)
    {
        var seal = state.Seal!;
        var version = await VersionPublisher
            .PublishAsync(
                _store,
                new Publication
                {
                    Name = log.Name,
                    Type = seal.Type,
                    Root = seal.Root,
                    Description = seal.Description,
                    Metadata = seal.Metadata,
                    Tags = seal.Tags,
                    Aliases = options.Aliases,
                    RunId = seal.RunId,
                    SealId = seal.Id,
                },
                // What contributions hold is kept as long as the collaboration isn't completed.
                _ => Task.CompletedTask,
                cancellationToken
            )
            .ConfigureAwait(false);
        var links = new RunLinks(_store);
        foreach (
            var run in state
                .Contributions.Select(item => item.RunId)
                .Append(seal.RunId)
                .OfType<string>()
                .Distinct(Names.Comparer)
        )
            await links.AddAsync(run, version, RunRole.Output, cancellationToken).ConfigureAwait(false);

        var id = Guid.NewGuid().ToString("N");
        await log.AppendAsync(
                state,
                id,
                DistributedState.CompletedKind,
                () =>
                    Task.FromResult(
                        state.Version is not null
                            ? null
                            : new JObject
                            {
                                ["id"] = id,
                                ["version"] = version.Record.Number,
                                ["at"] = Timestamp.Format(Timestamp.Now()),
                                ["by"] = Author.Current,
                            }
                    ),
                cancellationToken
            )
            .ConfigureAwait(false);
        return version;
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
}
