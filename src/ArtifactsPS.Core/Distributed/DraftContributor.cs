using ArtifactsPS.Core.Catalogs;
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
    /// <summary>Contributes a draft, which is spent then; if it fails the draft is as it was. Its content goes to objects
    /// first; one key then makes it count.</summary>
    /// <param name="draft">The draft.</param>
    /// <param name="id">What all writers have in common.</param>
    /// <param name="contributor">Who contributes.</param>
    /// <param name="runId">The run that does it.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <exception cref="DistributedArtifactLockedException">It is sealed.</exception>
    /// <exception cref="DistributedBaseMismatchException">Others began from another base.</exception>
    /// <exception cref="ArtifactTypeMismatchException">The artifact, or what others contributed, is of another type.</exception>
    public static async Task<Contribution> ContributeAsync(
        ArtifactDraft draft,
        string id,
        string contributor,
        string? runId,
        CancellationToken cancellationToken
    )
    {
        draft.CheckUnspent();
        var log = new DistributedLog(draft.Store, draft.Name, id);
        var state = await log.ReadAsync(cancellationToken).ConfigureAwait(false);
        // Told before anything is stored, where it can be.
        await CheckAsync(log, state, draft, cancellationToken).ConfigureAwait(false);
        var contribution = await StoreAsync(draft, contributor, runId, cancellationToken).ConfigureAwait(false);
        await log.AppendAsync(
                state,
                contribution.Id,
                DistributedState.ContributionKind,
                async () =>
                {
                    Check(log, state, draft);
                    await HoldAsync(draft, cancellationToken).ConfigureAwait(false);
                    return contribution.ToJson();
                },
                cancellationToken
            )
            .ConfigureAwait(false);
        await HoldAsync(draft, cancellationToken).ConfigureAwait(false);
        await draft.SpendAsync(published: null).ConfigureAwait(false);
        return state.Contributions.First(item => item.Id == contribution.Id);
    }

    /// <summary>Stores what a draft holds, which nobody finds yet.</summary>
    internal static async Task<Contribution> StoreAsync(
        ArtifactDraft draft,
        string contributor,
        string? runId,
        CancellationToken cancellationToken
    )
    {
        var (adds, removes, removed) = await draft.StoreChangesAsync(cancellationToken).ConfigureAwait(false);
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
            RemovedCount = removed,
            Description = draft.Description,
            Metadata = draft.Metadata,
            Tags = draft.Tags,
        };
    }

    /// <summary>Makes sure that no clean-up deletes what a contribution needs before it is in the log. Asked again after it
    /// is: that the base was live before says nothing of a clean-up that read the log in between, but if it is live
    /// afterwards, a clean-up that finds it deleted reads the log once more after that.</summary>
    /// <exception cref="ObjectCleanedUpException">It is too late.</exception>
    internal static async Task HoldAsync(ArtifactDraft draft, CancellationToken cancellationToken)
    {
        PageReference? notKept = null;
        if (draft.BaseVersion is { } version)
        {
            var now = await draft.Store.OpenCatalog(draft.Name).ReadAsync(cancellationToken).ConfigureAwait(false);
            notKept = version.IsAsItWas(now) ? null : version.Record.Root;
        }
        await draft.HoldAsync(notKept, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Checks whether a draft fits the artifact and what others contributed.</summary>
    internal static Task CheckAsync(
        DistributedLog log,
        DistributedState state,
        ArtifactDraft draft,
        CancellationToken cancellationToken
    )
    {
        Check(log, state, draft);
        return CheckTypeAsync(log, draft.Type, cancellationToken);
    }

    /// <summary>Checks whether the artifact can have a version of a type.</summary>
    internal static async Task CheckTypeAsync(DistributedLog log, string given, CancellationToken cancellationToken)
    {
        var catalog = await log.Store.OpenCatalog(log.Name).ReadAsync(cancellationToken).ConfigureAwait(false);
        if (catalog.Type is { } type && !Names.Comparer.Equals(type, given))
            throw new ArtifactTypeMismatchException(catalog.Name, type, given);
    }

    /// <summary>Checks whether a draft fits what others contributed.</summary>
    internal static void Check(DistributedLog log, DistributedState state, ArtifactDraft draft)
    {
        if (state.Seal is not null)
            throw log.Locked(state);
        if (state.Contributions.Count == 0)
            return;
        var first = state.Contributions[0];
        if (!Names.Comparer.Equals(first.Type, draft.Type))
            throw new ArtifactTypeMismatchException(log.Name, first.Type, draft.Type);
        var given = BaseOf(draft);
        if (given?.Version != first.Base?.Version || given?.Root.Digest != first.Base?.Root.Digest)
            throw new DistributedBaseMismatchException(log.Name, log.Id, Describe(given), Describe(first.Base));
    }

    private static ContributionBase? BaseOf(ArtifactDraft draft) =>
        draft.BaseVersion is { } version ? new ContributionBase(version.Record.Number, version.Record.Root) : null;

    private static string Describe(ContributionBase? from) => from is null ? "nothing" : $"v{from.Version}";
}
