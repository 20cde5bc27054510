using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Storage.Remote;

/// <summary>Translates a service's exceptions to <see cref="BucketException"/>, without their secrets.</summary>
public abstract class BucketErrors
{
    /// <summary>Calls the service and translates its exceptions.</summary>
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

    /// <summary>Translates an exception of the service or of the network.</summary>
    /// <returns>A <see cref="BucketException"/>, or an exception of Core that describes the failure better.</returns>
    protected abstract Exception Describe(Exception exception);

    /// <summary>A failure that would happen again.</summary>
    protected static BucketException Refused(string what) => new(BucketFailure.Refused, what);

    private static bool IsForeign(Exception e) =>
        e is not (OperationCanceledException or BucketException or ArtifactsException);
}
