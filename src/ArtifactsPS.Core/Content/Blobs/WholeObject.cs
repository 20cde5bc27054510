using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Content.Blobs;

/// <summary>Content that is an object of its own, and so is found by its digest alone.</summary>
internal static class WholeObject
{
    /// <summary>Looks for content. What is found is not cleaned up before it is used.</summary>
    /// <returns>Null where the store has no such object.</returns>
    public static async Task<BlobLocation?> FindAsync(
        ObjectProtection held,
        Digest digest,
        CancellationToken cancellationToken
    ) => await held.TryAddAsync(digest, cancellationToken).ConfigureAwait(false) ? LocationOf(digest) : null;

    /// <summary>Stores content as it comes.</summary>
    /// <param name="store">The store.</param>
    /// <param name="held">Gets the object.</param>
    /// <param name="digest">The content's digest.</param>
    /// <param name="fill">Given what to call with each piece; throws if they don't come to the digest, and then nothing
    /// is stored.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    public static async Task<BlobLocation> WriteAsync(
        IObjectStore store,
        ObjectProtection held,
        Digest digest,
        Func<Func<byte[], int, Task>, Task> fill,
        CancellationToken cancellationToken
    )
    {
        var staged = await store.StageAsync(cancellationToken).ConfigureAwait(false);
        await using (staged.ConfigureAwait(false))
        {
            await fill((bytes, count) => staged.WriteAsync(bytes.AsMemory(0, count), cancellationToken).AsTask())
                .ConfigureAwait(false);
            await held.CommitAsync(staged, digest, cancellationToken).ConfigureAwait(false);
            return LocationOf(digest);
        }
    }

    private static BlobLocation LocationOf(Digest digest) => new(new StoredObject(digest), 0);
}
