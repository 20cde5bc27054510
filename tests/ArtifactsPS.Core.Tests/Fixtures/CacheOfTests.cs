using ArtifactsPS.Platform;

[assembly: AssemblyFixture(typeof(ArtifactsPS.Tests.CacheOfTests))]

namespace ArtifactsPS.Tests;

/// <summary>Keeps the tests away from the user's own cache.</summary>
public sealed class CacheOfTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public CacheOfTests() => Environment.SetEnvironmentVariable(CacheFolder.Variable, _folder.Path);

    public void Dispose() => _folder.Dispose();
}
