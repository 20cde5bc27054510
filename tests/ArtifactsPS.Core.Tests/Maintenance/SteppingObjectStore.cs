using ArtifactsPS.Core.Tests.Fixtures;

namespace ArtifactsPS.Core.Tests.Maintenance;

/// <summary>Store that suspends its user before one operation until <see cref="Resume"/> is called.</summary>
/// <param name="stopAt">Number of the operation, from 1.</param>
/// <param name="announces">Whether the user is a clean-up, which lists announcements without waiting.</param>
internal sealed class SteppingObjectStore(IObjectStore inner, int stopAt, bool announces) : StoreDecorator(inner)
{
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _resumed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _waitsForCleanup = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _operations;
    private int _cleanupListings;

    /// <summary>Completes when the user is suspended.</summary>
    public Task Stopped => _stopped.Task;

    /// <summary>Completes when the user waits for an announced clean-up of another process.</summary>
    public Task WaitsForCleanup => _waitsForCleanup.Task;

    public void Resume() => _resumed.TrySetResult();

    protected override Task BeforeAsync(string operation, string key)
    {
        // A repeated listing of announcements means that the operation waits for a clean-up.
        if (!announces && operation == "list" && key == "cleanup/" && Interlocked.Increment(ref _cleanupListings) == 2)
            _waitsForCleanup.TrySetResult();
        var number = Interlocked.Increment(ref _operations);
        if (number < stopAt)
            return Task.CompletedTask;
        _stopped.TrySetResult();
        return _resumed.Task;
    }
}
