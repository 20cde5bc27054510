using System.Runtime.CompilerServices;
using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Runs;

/// <summary>Finds runs in a store.</summary>
/// <param name="isInGroup">Condition on the group; null for runs of any group or none.</param>
public sealed class RunSearch(VersionStore store, Func<string, bool>? isInGroup)
{
    private readonly RunJournal _journal = new(store);

    /// <summary>Streams the run with an id, or all runs with a name, oldest first. A run is read by its id without listing
    /// all runs.</summary>
    /// <param name="hasName">Whether a name or id is the requested one.</param>
    /// <exception cref="ArtifactRunNotFoundException">No run has that id or name, in any group.</exception>
    public async IAsyncEnumerable<RunRecord> FindAsync(
        string idOrName,
        Func<string, bool> hasName,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        // A name may have characters that an id can't have.
        if (
            RunId.TryParse(idOrName, out var id)
            && await _journal.FindAsync(id, cancellationToken).ConfigureAwait(false) is { } found
        )
        {
            if (IsInGroup(found))
                yield return found;
            yield break;
        }
        var (any, names) = (false, new HashSet<string>(StringComparer.Ordinal));
        await foreach (var run in _journal.ListAsync(cancellationToken).ConfigureAwait(false))
        {
            names.Add(run.Name);
            if (!Matches(run, hasName))
                continue;
            any = true;
            if (IsInGroup(run))
                yield return run;
        }
        if (!any)
            throw new ArtifactRunNotFoundException(idOrName, store.Location, NearestName.Find(idOrName, names));
    }

    /// <summary>Streams the runs with a matching name or id, oldest first.</summary>
    public async IAsyncEnumerable<RunRecord> ListAsync(
        Func<string, bool> matches,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        await foreach (var run in _journal.ListAsync(cancellationToken).ConfigureAwait(false))
            if (Matches(run, matches) && IsInGroup(run))
                yield return run;
    }

    private static bool Matches(RunRecord run, Func<string, bool> matches) =>
        matches(run.Name) || matches(run.Id.ToString());

    private bool IsInGroup(RunRecord run) => isInGroup is null || run.Group is { } group && isInGroup(group);
}
