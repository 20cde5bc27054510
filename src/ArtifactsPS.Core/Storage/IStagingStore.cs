namespace ArtifactsPS.Core.Storage;

/// <summary>A store in which what is staged is left behind by a writer that is killed.</summary>
public interface IStagingStore
{
    /// <summary>Lists what is staged, in no order. The keys are no keys of the store's.</summary>
    IAsyncEnumerable<StoredKey> ListStagedAsync(CancellationToken cancellationToken);

    /// <summary>Deletes something staged.</summary>
    /// <returns>False when it isn't there any more, or its writer is alive.</returns>
    Task<bool> DeleteStagedAsync(string key, CancellationToken cancellationToken);
}
