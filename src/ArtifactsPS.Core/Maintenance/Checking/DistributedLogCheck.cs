using ArtifactsPS.Core.Distributed;
using ArtifactsPS.Core.Reachability;
using ArtifactsPS.Core.Records;
using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Maintenance.Checking;

/// <summary>Checks the log of a distributed version. Until the version is published, its trees are added to a graph.</summary>
internal sealed class DistributedLogCheck(
    IObjectStore store,
    ArtifactKey artifact,
    DistributedId id,
    PageGraph graph,
    StoreProblems problems
) : LogCheck.IReceiver
{
    private readonly DistributedState _state = new();
    private bool _isBroken;

    /// <returns>Number of the published version; null if the log is not completed.</returns>
    public async Task<int?> CheckAsync(NumberedKeys keys, CancellationToken cancellationToken)
    {
        await new LogCheck(store, StoreLayout.DistributedLogFolder(artifact, id))
            .ReadAsync(keys, 0, this, cancellationToken)
            .ConfigureAwait(false);
        if (_state.Status != DistributedStatus.Completed)
            OpenDistributedVersion.AddTo(graph, new ContributionTree(artifact, id), _state);
        return _state.Version;
    }

    ValueTask LogCheck.IReceiver.TakeAsync(long number, SealedRecord record, CancellationToken cancellationToken)
    {
        if (!_isBroken)
            ((RecordLog.IState)_state).Apply(number, record);
        return default;
    }

    void LogCheck.IReceiver.Missing(long first, long last, string key)
    {
        _isBroken = true;
        problems.Add(
            StoreProblemKind.ContributionMissing,
            key,
            $"{LogCheck.Subject("Record", first, last, $"of {Subject}")} missing, but later ones exist."
        );
    }

    void LogCheck.IReceiver.Damaged(long first, long last, string key, string fault)
    {
        _isBroken = true;
        problems.Add(
            StoreProblemKind.ContributionDamaged,
            key,
            $"{LogCheck.Subject("Record", first, last, $"of {Subject}")} damaged: {fault}."
        );
    }

    private string Subject => new ContributionTree(artifact, id).Subject;
}
