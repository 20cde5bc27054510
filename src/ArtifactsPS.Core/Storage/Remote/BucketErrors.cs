using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Storage.Remote;

/// <summary>Tells what a service's own exceptions mean, without what may be secret in them.</summary>
public abstract class BucketErrors
{
    /// <summary>Calls the service; its exceptions become <see cref="BucketException"/>.</summary>
    public async Task<T> MappedAsync<T>(Func<Task<T>> call)
    {
        try
        {
            return await call().ConfigureAwait(false);
        }
        catch (Exception e) when (IsForeign(e))
        {
            throw Describe(e);
        }
    }

    /// <inheritdoc cref="MappedAsync"/>
    public T Mapped<T>(Func<T> call)
    {
        try
        {
            return call();
        }
        catch (Exception e) when (IsForeign(e))
        {
            throw Describe(e);
        }
    }

    /// <summary>What one of the service's exceptions means, or one of the network's.</summary>
    protected abstract BucketException Describe(Exception exception);

    /// <summary>A failure of which trying again changes nothing.</summary>
    protected static BucketException Refused(string what) => new(BucketFailure.Refused, what);

    private static bool IsForeign(Exception e) =>
        e is not (OperationCanceledException or BucketException or ArtifactsException);
}
