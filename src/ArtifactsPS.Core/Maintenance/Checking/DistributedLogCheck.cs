using ArtifactsPS.Core.Distributed;
using ArtifactsPS.Core.Reachability;
using ArtifactsPS.Core.Records;
using ArtifactsPS.Core.Storage;

namespace ArtifactsPS.Core.Maintenance.Checking;

/// <summary>Checks the log of a version that several writers make, and adds what it needs to a graph as long as the version
/// isn't published.</summary>
internal sealed class DistributedLogCheck(
    IObjectStore store,
    string name,
    string id,
    PageGraph graph,
    StoreProblems problems
)
{
    private readonly RecordLog _log = new(store, StoreLayout.DistributedLogFolder(name, id), name);
    private readonly DistributedState _state = new();
    private bool _isBroken;

    /// <summary>Checks it.</summary>
    /// <returns>The number of the version that it became; null if it isn't completed.</returns>
    public async Task<int?> CheckAsync(NumberedKeys keys, CancellationToken cancellationToken)
    {
        await new LogCheck(store, _log)
            .ReadAsync(keys, 0, Take, Missing, Damaged, cancellationToken)
            .ConfigureAwait(false);
        if (_state.Status != DistributedStatus.Completed)
            OpenDistributedVersion.AddTo(graph, new ContributionTree(name, id), _state);
        return _state.Version;
    }

    private void Take(long number, SealedRecord record)
    {
        if (!_isBroken)
            ((RecordLog.IState)_state).Apply(number, record);
    }

    private void Missing(long first, long last)
    {
        _isBroken = true;
        problems.Add(
            StoreProblemKind.ContributionMissing,
            _log.KeyOf(first),
            first == last
                ? $"Record {first} of {Subject} is missing, though there are later ones."
                : $"Records {first} to {last} of {Subject} are missing, though there are later ones."
        );
    }

    private void Damaged(long number, string fault)
    {
        _isBroken = true;
        problems.Add(
            StoreProblemKind.ContributionDamaged,
            _log.KeyOf(number),
            $"Record {number} of {Subject} is damaged: {fault}."
        );
    }

    private string Subject => new ContributionTree(name, id).Subject;
}
