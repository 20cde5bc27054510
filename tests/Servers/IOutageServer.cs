namespace ArtifactsPS.Tests.Servers;

/// <summary>A server that a test can stop for a while. Its content stays.</summary>
internal interface IOutageServer : IDisposable
{
    /// <summary>Port of the server on this machine.</summary>
    int Port { get; }

    /// <summary>Suspends the server: connections are accepted, and requests are not answered.</summary>
    void Suspend();

    /// <summary>Ends <see cref="Suspend"/>.</summary>
    void Resume();

    /// <summary>Ends the server: connections break and are refused.</summary>
    Task StopAsync();

    /// <summary>Starts the server again after <see cref="StopAsync"/>.</summary>
    Task RestartAsync();
}
