namespace ArtifactsPS.Core.Storage;

/// <summary>A store that is reached by requests, which the service may execute after their sender gave up.</summary>
public interface IRequestStore
{
    /// <summary>Sends one request to delete a key, and doesn't repeat it.</summary>
    /// <returns>True if the service answered, so that no deletion can follow any more.</returns>
    Task<bool> TryDeleteOnceAsync(string key, CancellationToken cancellationToken);
}
