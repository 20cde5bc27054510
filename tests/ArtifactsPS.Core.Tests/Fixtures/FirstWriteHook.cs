namespace ArtifactsPS.Core.Tests.Fixtures;

/// <summary>Does something once, when the first bytes of a staged object are written: amid the reading of a large file.</summary>
internal sealed class FirstWriteHook(IObjectStore inner, Action act) : StoreDecorator(inner)
{
    private int _done;

    protected override void Before(string operation, string key)
    {
        if (operation == "write" && Interlocked.Exchange(ref _done, 1) == 0)
            act();
    }
}
