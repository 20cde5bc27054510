namespace ArtifactsPS.Core.Storage;

/// <summary>A store on a service that may not be able to keep what a store promises, which trying tells.</summary>
public interface IProbedStore
{
    /// <summary>Tries with a key of its own whether the first to create a key wins, and leaves nothing behind.</summary>
    /// <exception cref="StoreNotSupportedException">It doesn't.</exception>
    Task ProbeAsync(CancellationToken cancellationToken);
}
