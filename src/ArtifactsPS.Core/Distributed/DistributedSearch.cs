using System.Runtime.CompilerServices;
using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Distributed;

/// <summary>A version that several writers make, as it was found.</summary>
public readonly record struct FoundDistributed(DistributedLog Log, DistributedState State);

/// <summary>Finds versions that several writers make. Completed ones are found only on request.</summary>
public sealed class DistributedSearch(VersionStore store)
{
    /// <summary>Condition on the distributed id.</summary>
    public Func<string, bool> IsRequested { get; init; } = _ => true;

    /// <summary>The only distributed id to find, also if it is completed; null for any.</summary>
    public string? Id { get; init; }

    /// <summary>Whether completed versions are found, too.</summary>
    public bool IncludeCompleted { get; init; }

    /// <summary>Streams those of all artifacts with a matching name, sorted by name and id.</summary>
    /// <param name="matches">Condition on the name of the artifact.</param>
    /// <param name="cancellationToken">Cancels the search.</param>
    public async IAsyncEnumerable<FoundDistributed> ListAsync(
        Func<string, bool> matches,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        await foreach (var (artifact, ids) in DistributedLog.ListAsync(store, cancellationToken).ConfigureAwait(false))
        await foreach (var found in ReadAsync(artifact, ids, matches, cancellationToken).ConfigureAwait(false))
            yield return found;
    }

    /// <summary>Streams those of one artifact, sorted by id.</summary>
    /// <exception cref="DistributedArtifactNotFoundException"><see cref="Id"/> was not found.</exception>
    public async IAsyncEnumerable<FoundDistributed> FindAsync(
        ArtifactName name,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var any = false;
        var (artifact, ids) = await DistributedLog.ListIdsAsync(store, name, cancellationToken).ConfigureAwait(false);
        await foreach (var found in ReadAsync(artifact, ids, _ => true, cancellationToken).ConfigureAwait(false))
        {
            any = true;
            yield return found;
        }
        if (!any && Id is not null)
            throw new DistributedArtifactNotFoundException(name, Id, store.Location);
    }

    // The name of the artifact is read only if there is something to find.
    private async IAsyncEnumerable<FoundDistributed> ReadAsync(
        ArtifactKey artifact,
        IReadOnlyList<DistributedId> ids,
        Func<string, bool> matches,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        ArtifactName? name = null;
        foreach (var id in ids)
        {
            var isOnlyOne = Id is not null && CaseInsensitiveName.Comparer.Equals(id.ToString(), Id);
            if (!(Id is null ? IsRequested(id.ToString()) : isOnlyOne))
                continue;
            var state = await new DistributedLog(store, artifact, artifact.FirstName, id)
                .ReadAsync(cancellationToken)
                .ConfigureAwait(false);
            if (!state.Exists || state.Status == DistributedStatus.Completed && !IncludeCompleted && !isOnlyOne)
                continue;
            name ??= (await store.OpenCatalog(artifact).ReadAsync(cancellationToken).ConfigureAwait(false)).Name;
            if (!matches(name.Key))
                yield break;
            yield return new FoundDistributed(new DistributedLog(store, artifact, name, id), state);
        }
    }
}
