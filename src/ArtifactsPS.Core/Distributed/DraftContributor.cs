using System.Text;
using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Content.Blobs;
using ArtifactsPS.Core.Drafts;
using ArtifactsPS.Core.Manifests;
using ArtifactsPS.Core.Publishing;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Values;
using Newtonsoft.Json.Linq;

namespace ArtifactsPS.Core.Distributed;

/// <summary>Contributes drafts to versions that several writers make together.</summary>
public static class DraftContributor
{
    /// <summary>Contributes a draft: stores its content first, then creates the one record that makes it a contribution.
    /// The draft is spent afterwards; if contributing fails, it is unchanged.</summary>
    /// <param name="id">The distributed id.</param>
    /// <param name="contributor">Name of the writer.</param>
    /// <param name="runId">Id of the run that contributes it; null for none.</param>
    /// <exception cref="DistributedArtifactLockedException">The version is sealed.</exception>
    /// <exception cref="DistributedBaseMismatchException">Other contributions have another base.</exception>
    /// <exception cref="ArtifactTypeMismatchException">The artifact or other contributions have another type.</exception>
    /// <exception cref="MetadataTooLargeException">All metadata or tags together exceed a version's limit.</exception>
    /// <exception cref="ObjectCleanedUpException">Content that the draft relies on was cleaned up.</exception>
    public static async Task<Contribution> ContributeAsync(
        ArtifactDraft draft,
        DistributedId id,
        string contributor,
        RunId? runId,
        CancellationToken cancellationToken
    )
    {
        draft.CheckUnspent();
        var log = new DistributedLog(draft.Store, draft.Name, id);
        var tail = await log.ReadTailAsync(cancellationToken).ConfigureAwait(false);
        // Checked before anything is stored, so that most refusals cost little.
        CheckIsOpen(log, tail);
        await CheckAsync(log, tail.LastContribution, draft, cancellationToken).ConfigureAwait(false);
        var writer = StoreWriter.For(draft);
        await using (writer.ConfigureAwait(false))
        {
            var contribution = await StoreAsync(writer, draft, contributor, runId, cancellationToken)
                .ConfigureAwait(false);
            var append = log.BeginAppend(tail, contribution.Id, DistributedState.ContributionKind);
            long number;
            do
            {
                CheckIsOpen(log, tail);
                Check(log, tail.LastContribution, draft);
                contribution = await AddTotalsAsync(log, tail, contribution, cancellationToken).ConfigureAwait(false);
                number = tail.LastNumber + 1;
            } while (
                !await writer
                    .CommitAsync(
                        append.NextKey,
                        token => append.TryAppendAsync(contribution.ToJson(), token),
                        cancellationToken
                    )
                    .ConfigureAwait(false)
            );
            await draft.SpendAsync(published: null).ConfigureAwait(false);
            return contribution with { Number = number };
        }
    }

    /// <summary>Stores a draft's changes against its base, and relies on everything that they need: the content, the tree of
    /// added and changed entries, and the removed paths, sorted, one a line.</summary>
    /// <returns>The contribution, which is in no log yet.</returns>
    /// <exception cref="ArtifactIncompleteException">Content was lost because the store failed, and must be added again.</exception>
    internal static async Task<Contribution> StoreAsync(
        StoreWriter writer,
        ArtifactDraft draft,
        string contributor,
        RunId? runId,
        CancellationToken cancellationToken
    )
    {
        await draft.CheckContentAsync(cancellationToken).ConfigureAwait(false);
        var changes = draft.SortedChanges();
        var added = changes.Where(change => change.Entry is not null).ToList();
        var removed = changes.Where(change => change.Entry is null).Select(change => change.Path + "\n").ToList();
        Blob? removes = null;
        var editor = new ManifestEditor(draft.Store.Pages, cancellationToken);
        var tree = await editor.ApplyAsync(root: null, added).ConfigureAwait(false);
        if (removed.Count > 0)
            removes = await writer
                .Content.AddBytesAsync(
                    Encoding.UTF8.GetBytes(string.Concat(removed)),
                    ContentWriter.FindNothing,
                    cancellationToken
                )
                .ConfigureAwait(false);
        var adds = await ContributedTree.StoreAsync(writer, tree, cancellationToken).ConfigureAwait(false);
        // No record of the log protects content of other versions yet.
        await writer.RelyOnAsync(added.Select(change => change.Entry!), cancellationToken).ConfigureAwait(false);
        if (draft.BaseVersion is { } version)
            writer.RelyOn(version.StoredRoot, [version]);
        return new Contribution
        {
            Number = 0,
            Id = Guid.NewGuid().ToString("N"),
            Contributor = contributor,
            At = Timestamp.Now(),
            By = Author.Current,
            RunId = runId,
            Type = draft.Type,
            Base = BaseOf(draft),
            Adds = adds,
            Removes = removes,
            RemovedCount = removed.Count,
            Description = draft.Description,
            Metadata = draft.Metadata,
            Tags = draft.Tags,
        };
    }

    /// <summary>Checks that a draft fits the artifact and the other contributions.</summary>
    /// <param name="other">One of the other contributions; null if there are none.</param>
    internal static async Task CheckAsync(
        DistributedLog log,
        Contribution? other,
        ArtifactDraft draft,
        CancellationToken cancellationToken
    )
    {
        Check(log, other, draft);
        await CheckTypeAsync(log, draft.Type, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Checks that the artifact can have a version of a type.</summary>
    internal static async Task CheckTypeAsync(DistributedLog log, TypeName type, CancellationToken cancellationToken) =>
        Publisher.CheckType(
            await log.Store.OpenCatalog(log.Name).ReadAsync(cancellationToken).ConfigureAwait(false),
            type
        );

    /// <summary>Checks that a draft fits the other contributions, which all have the same type and base.</summary>
    /// <param name="other">One of the other contributions; null if there are none.</param>
    internal static void Check(DistributedLog log, Contribution? other, ArtifactDraft draft)
    {
        if (other is null)
            return;
        if (other.Type != draft.Type)
            throw new ArtifactTypeMismatchException(log.Name, other.Type, draft.Type);
        var given = BaseOf(draft);
        if (given?.Version != other.Base?.Version || given?.Root.Digest != other.Base?.Root.Digest)
            throw new DistributedBaseMismatchException(log.Name, log.Id, Describe(given), Describe(other.Base));
    }

    /// <summary>Merges description and metadata. Those of the completing writer win. The other contributions apply in the
    /// order of the writers' names, so that the result doesn't depend on the order of arrival.</summary>
    /// <param name="own">Contribution of the completing writer; null for none.</param>
    /// <exception cref="MetadataTooLargeException">The merged metadata is too long.</exception>
    internal static (string? Description, JObject? Metadata) Describe(IEnumerable<Contribution> all, Contribution? own)
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
        return (description, VersionLimits.CheckMetadata(metadata.Count > 0 ? metadata : null));
    }

    private static void CheckIsOpen(DistributedLog log, DistributedTail tail)
    {
        if (!tail.IsOpen)
            throw log.Locked(tail);
    }

    // What is accepted can be completed: the version with all contributions keeps its limits. Contributions that share tags or
    // properties of metadata are counted several times. Only where that matters, all contributions are read.
    private static async Task<Contribution> AddTotalsAsync(
        DistributedLog log,
        DistributedTail tail,
        Contribution contribution,
        CancellationToken cancellationToken
    )
    {
        var metadata = (tail.LastContribution?.MetadataTotal ?? 0) + VersionLimits.LengthOf(contribution.Metadata);
        var tags = (tail.LastContribution?.TagTotal ?? 0) + contribution.Tags.Count;
        if (metadata > VersionLimits.MetadataLength || tags > VersionLimits.Tags)
        {
            var state = await log.ReadAsync(cancellationToken).ConfigureAwait(false);
            List<Contribution> all = [.. state.Contributions, contribution];
            List<TagName> allTags = [.. all.SelectMany(item => item.Tags).Distinct()];
            VersionLimits.CheckTags(allTags);
            metadata = VersionLimits.LengthOf(Describe(all, own: null).Metadata);
            tags = allTags.Count;
        }
        return contribution with { MetadataTotal = metadata, TagTotal = tags };
    }

    private static ContributionBase? BaseOf(ArtifactDraft draft) =>
        draft.BaseVersion is { } version ? new ContributionBase(version.Record.Number, version.StoredRoot) : null;

    private static string Describe(ContributionBase? from) => from is null ? "nothing" : $"v{from.Version}";
}
