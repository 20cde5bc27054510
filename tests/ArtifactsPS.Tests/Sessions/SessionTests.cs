namespace ArtifactsPS.Tests.Sessions;

/// <summary>Tests that each have a session of their own.</summary>
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
