[assembly: AssemblyFixture(typeof(ArtifactsPS.Core.Tests.Fixtures.TestCache))]

namespace ArtifactsPS.Core.Tests.Fixtures;

/// <summary>Gives the tests a cache of their own.</summary>
public sealed class TestCache : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public TestCache() => Environment.SetEnvironmentVariable(CacheFolder.Variable, _folder.Path);

    public void Dispose() => _folder.Dispose();
}
