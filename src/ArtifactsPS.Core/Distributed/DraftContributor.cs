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
    /// <exception cref="ObjectCleanedUpException">Content that the draft relies on was cleaned up.</exception>
    public static async Task<Contribution> ContributeAsync(
        ArtifactDraft draft,
        DistributedId id,
        string contributor,
        string? runId,
        CancellationToken cancellationToken
    )
    {
        draft.CheckUnspent();
        var log = new DistributedLog(draft.Store, draft.Name, id);
        var state = await log.ReadAsync(cancellationToken).ConfigureAwait(false);
        // Checked before anything is stored, so that most refusals cost little.
        await CheckAsync(log, state, draft, cancellationToken).ConfigureAwait(false);
        var writer = StoreWriter.For(draft);
        await using (writer.ConfigureAwait(false))
        {
            var contribution = await StoreAsync(writer, draft, contributor, runId, cancellationToken)
                .ConfigureAwait(false);
            var append = log.BeginAppend(state, contribution.Id, DistributedState.ContributionKind);
            do Check(log, state, draft);
            while (
                !await writer
                    .CommitAsync(
                        append.NextKey,
                        token => append.TryAppendAsync(contribution.ToJson(), token),
                        cancellationToken
                    )
                    .ConfigureAwait(false)
            );
            await draft.SpendAsync(published: null).ConfigureAwait(false);
            return state.Contributions.First(item => item.Id == contribution.Id);
        }
    }

    /// <summary>Stores a draft's changes against its base, and relies on everything that they need: the content, the tree of
    /// added and changed entries, and the removed paths, sorted, one a line.</summary>
    /// <returns>The contribution, which is in no log yet.</returns>
    internal static async Task<Contribution> StoreAsync(
        StoreWriter writer,
        ArtifactDraft draft,
        string contributor,
        string? runId,
        CancellationToken cancellationToken
    )
    {
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
        var adds = await writer.StoreTreeAsync(tree, cancellationToken).ConfigureAwait(false);
        // No record of the log protects content of other versions yet.
        await writer.RelyOnAsync(added.Select(change => change.Entry!), cancellationToken).ConfigureAwait(false);
        if (draft.BaseVersion is { } version)
            writer.RelyOn(version.Record.Root, [version]);
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
    internal static async Task CheckAsync(
        DistributedLog log,
        DistributedState state,
        ArtifactDraft draft,
        CancellationToken cancellationToken
    )
    {
        Check(log, state, draft);
        await CheckTypeAsync(log, draft.Type, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Checks that the artifact can have a version of a type.</summary>
    internal static async Task CheckTypeAsync(DistributedLog log, TypeName type, CancellationToken cancellationToken) =>
        Publisher.CheckType(
            await log.Store.OpenCatalog(log.Name).ReadAsync(cancellationToken).ConfigureAwait(false),
            type
        );

    /// <summary>Checks that a draft fits the other contributions.</summary>
    /// <exception cref="MetadataTooLargeException">All metadata or tags together exceed a version's limit.</exception>
    internal static void Check(DistributedLog log, DistributedState state, ArtifactDraft draft)
    {
        if (state.Seal is not null)
            throw log.Locked(state);
        if (state.Contributions.Count == 0)
            return;
        var first = state.Contributions[0];
        if (first.Type != draft.Type)
            throw new ArtifactTypeMismatchException(log.Name, first.Type, draft.Type);
        var given = BaseOf(draft);
        if (given?.Version != first.Base?.Version || given?.Root.Digest != first.Base?.Root.Digest)
            throw new DistributedBaseMismatchException(log.Name, log.Id, Describe(given), Describe(first.Base));
        CheckLimits(state.Contributions, draft);
    }

    // What is accepted can be completed: the version with all contributions keeps its limits.
    private static void CheckLimits(IReadOnlyList<Contribution> contributions, ArtifactDraft draft)
    {
        VersionLimits.CheckTags(contributions.SelectMany(item => item.Tags).Concat(draft.Tags));
        if (draft.Metadata is null)
            return;
        var merged = new JObject();
        foreach (var metadata in contributions.Select(item => item.Metadata).Append(draft.Metadata))
        foreach (var property in metadata?.Properties() ?? [])
            merged[property.Name] = property.Value.DeepClone();
        VersionLimits.CheckMetadata(merged);
    }

    private static ContributionBase? BaseOf(ArtifactDraft draft) =>
        draft.BaseVersion is { } version ? new ContributionBase(version.Record.Number, version.Record.Root) : null;

    private static string Describe(ContributionBase? from) => from is null ? "nothing" : $"v{from.Version}";
}
