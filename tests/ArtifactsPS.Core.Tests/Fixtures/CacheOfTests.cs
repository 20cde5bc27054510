[assembly: AssemblyFixture(typeof(ArtifactsPS.Core.Tests.Fixtures.CacheOfTests))]

namespace ArtifactsPS.Core.Tests.Fixtures;

/// <summary>Keeps the tests away from the user's own cache.</summary>
public sealed class CacheOfTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public CacheOfTests() => Environment.SetEnvironmentVariable(CacheFolder.Variable, _folder.Path);

    public void Dispose() => _folder.Dispose();
}
