namespace ArtifactsPS.Core.Tests.Fixtures;

/// <summary>Runs an action once, before the first operation for which a condition holds.</summary>
internal sealed class ActionOnceStore(IObjectStore inner, Func<bool> holds, Action act) : StoreDecorator(inner)
{
    private int _done;

    public bool IsDone => Volatile.Read(ref _done) != 0;

    protected override void Before(string operation, string key)
    {
        if (holds() && Interlocked.Exchange(ref _done, 1) == 0)
            act();
    }
}
