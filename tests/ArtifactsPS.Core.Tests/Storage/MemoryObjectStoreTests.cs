using ArtifactsPS.Core.Tests.Fixtures;

namespace ArtifactsPS.Core.Tests.Storage;

/// <summary>The other tests lean on this store, so it is held to the same.</summary>
public sealed class MemoryObjectStoreTests : ObjectStoreConformance
{
    protected override Task<IObjectStore> OpenAsync() => Task.FromResult<IObjectStore>(new MemoryObjectStore());

    protected override Task CloseAsync() => Task.CompletedTask;
}
