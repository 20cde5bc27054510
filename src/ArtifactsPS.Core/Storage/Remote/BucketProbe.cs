namespace ArtifactsPS.Core.Storage.Remote;

/// <summary>Checks with a temporary key that a service honours create-if-absent.</summary>
internal sealed class BucketProbe(BucketObjectStore store, BucketUploader uploader, string prefix)
{
    /// <exception cref="StoreNotSupportedException">The service doesn't honour it.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var key = $"{StoreLayout.Probes}{Guid.NewGuid():N}";
        var first = new MemorySource("first"u8.ToArray());
        var second = new MemorySource("second"u8.ToArray());
        bool created;
        try
        {
            // Throws also if the service is unreachable or refuses access.
            created = await uploader
                .TryPutAsync(prefix + key, first, isObject: false, cancellationToken)
                .ConfigureAwait(false);
        }
        catch (StoreNotSupportedException)
        {
            await store.DeleteAsync(key, cancellationToken).ConfigureAwait(false);
            throw;
        }
        try
        {
            var createdAgain = await uploader
                .TryPutAsync(prefix + key, second, isObject: false, cancellationToken)
                .ConfigureAwait(false);
            var found = await store.HeadAsync(key, cancellationToken).ConfigureAwait(false);
            if (createdAgain || found?.Length != first.Length)
                throw new StoreNotSupportedException(
                    store.Location,
                    "the service overwrites an existing key although it was asked not to."
                );
            if (!created || found.Writer.Length == 0)
                throw new StoreNotSupportedException(
                    store.Location,
                    "the service doesn't store the metadata of a key, which identifies its writer."
                );
        }
        finally
        {
            await store.DeleteAsync(key, cancellationToken).ConfigureAwait(false);
        }
    }
}
