namespace ArtifactsPS.Core.Storage.Remote;

/// <summary>Checks once that a service honours create-if-absent as its bucket is set up now. It may have been set up differently
/// since the store was created.</summary>
/// <param name="probe">Tries it with a temporary key.</param>
internal sealed class ServiceCheck(IBucket bucket, BucketRequests requests, Func<CancellationToken, Task> probe)
{
    private readonly SemaphoreSlim _one = new(1);
    private volatile bool _isDone;

    /// <summary>Runs the check before the first record is created.</summary>
    /// <exception cref="StoreNotSupportedException">The service doesn't honour it.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (_isDone)
            return;
        await _one.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_isDone)
                return;
            if (
                await requests
                    .RepeatAsync(clock => bucket.IsDoubtfulAsync(clock.Token), cancellationToken)
                    .ConfigureAwait(false)
            )
                await probe(cancellationToken).ConfigureAwait(false);
            _isDone = true;
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>Runs the check while an object is created, so that the record after it doesn't wait.</summary>
    /// <returns>The result of <paramref name="creation"/>.</returns>
    public async Task<bool> RunBesideAsync(Task<bool> creation, CancellationToken cancellationToken)
    {
        await Task.WhenAll(RunAsync(cancellationToken), creation).ConfigureAwait(false);
        return await creation.ConfigureAwait(false);
    }

    /// <summary>Records that the service was checked in another way.</summary>
    public void Skip() => _isDone = true;
}
