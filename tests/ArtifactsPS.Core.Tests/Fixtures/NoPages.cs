namespace ArtifactsPS.Core.Tests.Fixtures;

/// <summary>Source of a checkpoint whose pages are missing, with a log that is missing too.</summary>
internal sealed class NoPages : StoredVersions.ISource
{
    public Task<SealedRecord?> ReadPageAsync(VersionPage page, CancellationToken cancellationToken) =>
        Task.FromResult<SealedRecord?>(null);

    public Task<CatalogState> ReplayAsync(CancellationToken cancellationToken) =>
        throw new ObjectCorruptException("memory", "checkpoint", "its page is missing");

    public Exception Contradiction(string fault) => new ObjectCorruptException("memory", "checkpoint", fault);
}
