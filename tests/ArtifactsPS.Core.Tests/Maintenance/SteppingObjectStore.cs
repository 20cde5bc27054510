using ArtifactsPS.Core.Tests.Fixtures;

namespace ArtifactsPS.Core.Tests.Maintenance;

/// <summary>A store whose user stops before one operation, and goes on when told to.</summary>
/// <param name="inner">The store.</param>
/// <param name="stopAt">The number of the operation, counted from 1.</param>
/// <param name="announces">Whether the user announces what it deletes, and so lists announcements without waiting.</param>
internal sealed class SteppingObjectStore(IObjectStore inner, int stopAt, bool announces) : StoreDecorator(inner)
{
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _goesOn = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _waits = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _operations;
    private int _cleanupsListed;

    /// <summary>Completes when the user has stopped.</summary>
    public Task Stopped => _stopped.Task;

    /// <summary>Completes when the user waits for a clean-up that another has announced.</summary>
    public Task Waits => _waits.Task;

    public void GoOn() => _goesOn.TrySetResult();

    protected override Task BeforeAsync(string operation, string key)
    {
        // A repeated listing of announcements means that the operation waits for a clean-up.
        if (!announces && operation == "list" && key == "cleanup/" && Interlocked.Increment(ref _cleanupsListed) == 2)
            _waits.TrySetResult();
        var number = Interlocked.Increment(ref _operations);
        if (number < stopAt)
            return Task.CompletedTask;
        _stopped.TrySetResult();
        return _goesOn.Task;
    }
}
