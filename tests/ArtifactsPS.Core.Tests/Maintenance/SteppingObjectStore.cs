using ArtifactsPS.Core.Tests.Fixtures;

namespace ArtifactsPS.Core.Tests.Maintenance;

/// <summary>Store that suspends its user before one operation until <see cref="Resume"/> is called. It doesn't suspend its user
/// before operations that others can't influence: readings of objects, which never change.</summary>
/// <param name="stopAt">Number of the operation, from 1.</param>
/// <param name="isBucket">Whether the store copies and deletes instead of moving.</param>
internal sealed class SteppingObjectStore(IObjectStore inner, int stopAt, bool isBucket)
    : StoreDecorator(inner),
        IRequestStore
{
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _resumed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _operations;

    public override bool MovesAtomically => !isBucket;

    /// <summary>Completes when the user is suspended.</summary>
    public Task Stopped => _stopped.Task;

    public void Resume() => _resumed.TrySetResult();

    public async Task<bool> TryDeleteOnceAsync(string key, CancellationToken cancellationToken)
    {
        await DeleteAsync(key, cancellationToken);
        return true;
    }

    protected override Task BeforeAsync(string operation, string key)
    {
        if (operation is "time" or "stage" or "write" || (operation == "read" && StoreLayout.IsObject(key)))
            return Task.CompletedTask;
        var number = Interlocked.Increment(ref _operations);
        if (number < stopAt)
            return Task.CompletedTask;
        _stopped.TrySetResult();
        return _resumed.Task;
    }
}
