namespace ArtifactsPS.Core.Storage.Remote;

/// <summary>Tries whether a service keeps who was first, with a key that is removed again.</summary>
internal sealed class BucketProbe(BucketObjectStore store, BucketUploader uploader, string prefix)
{
    /// <exception cref="StoreNotSupportedException">It doesn't.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var key = $"probes/{Guid.NewGuid():N}";
        var first = new MemorySource("first"u8.ToArray());
        var second = new MemorySource("second"u8.ToArray());
        // Who can't be reached or refuses is not asked for more.
        var created = await uploader.TryPutAsync(prefix + key, first, cancellationToken).ConfigureAwait(false);
        try
        {
            var createdAgain = await uploader
                .TryPutAsync(prefix + key, second, cancellationToken)
                .ConfigureAwait(false);
            var found = await store.HeadAsync(key, cancellationToken).ConfigureAwait(false);
            if (createdAgain || found?.Length != first.Length)
                throw new StoreNotSupportedException(
                    store.Location,
                    "the service overwrites a key that it was asked to create only if it doesn't exist."
                );
            if (!created || found.Writer.Length == 0)
                throw new StoreNotSupportedException(
                    store.Location,
                    "the service doesn't keep the metadata of a key, by which a writer knows what it wrote."
                );
        }
        finally
        {
            await store.DeleteAsync(key, cancellationToken).ConfigureAwait(false);
        }
    }
}
