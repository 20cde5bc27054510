namespace ArtifactsPS.Core.Tests.Fixtures;

/// <summary>Runs an action once, when the first bytes of a staged object are written: while a large file is read.</summary>
internal sealed class FirstWriteHook(IObjectStore inner, Action act) : StoreDecorator(inner)
{
    private int _done;

    protected override void Before(string operation, string key)
    {
        if (operation == "write" && Interlocked.Exchange(ref _done, 1) == 0)
            act();
    }
}
