namespace ArtifactsPS.Core.Storage;

/// <summary>A store in which a killed writer leaves staged bytes.</summary>
public interface IStagingStore
{
    /// <summary>Lists staged bytes, in no order. Their keys are for <see cref="DeleteStagedAsync"/> only.</summary>
    IAsyncEnumerable<StoredKey> ListStagedAsync(CancellationToken cancellationToken);

    /// <summary>Deletes staged bytes.</summary>
    /// <returns>False if they are gone, or their writer is alive.</returns>
    Task<bool> DeleteStagedAsync(string key, CancellationToken cancellationToken);
}
