namespace ArtifactsPS.Tests.Sessions;

/// <summary>Base of tests with one session per test.</summary>
public abstract class SessionTests : IDisposable
{
    protected PowerShellSession Session { get; } = new();

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
            Session.Dispose();
    }
}
