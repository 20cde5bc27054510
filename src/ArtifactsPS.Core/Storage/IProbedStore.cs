namespace ArtifactsPS.Core.Storage;

/// <summary>A store whose service may not honour create-if-absent.</summary>
public interface IProbedStore
{
    /// <summary>Checks with a temporary key that the service honours create-if-absent.</summary>
    /// <exception cref="StoreNotSupportedException">The service doesn't honour it.</exception>
    Task ProbeAsync(CancellationToken cancellationToken);
}
