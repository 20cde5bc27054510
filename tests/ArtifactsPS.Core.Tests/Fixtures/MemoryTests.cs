namespace ArtifactsPS.Core.Tests.Fixtures;

/// <summary>Tests that measure the memory of the process. No other tests run at the same time.</summary>
[CollectionDefinition(nameof(MemoryTests), DisableParallelization = true)]
public sealed class MemoryTests;
