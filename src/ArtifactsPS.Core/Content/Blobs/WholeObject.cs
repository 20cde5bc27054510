using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Content.Blobs;

/// <summary>Content that is stored as a separate object, which can be found by the digest of the content.</summary>
internal static class WholeObject
{
    /// <summary>Finds stored content and protects it from clean-ups.</summary>
    /// <returns>Null if the object is missing.</returns>
    public static async Task<BlobLocation?> FindAsync(
        ObjectProtection protection,
        Digest digest,
        CancellationToken cancellationToken
    ) => await protection.TryAddAsync(digest, cancellationToken).ConfigureAwait(false) ? LocationOf(digest) : null;

    /// <summary>Stores content piece by piece.</summary>
    /// <param name="protection">Receives the object.</param>
    /// <param name="digest">SHA-256 of the content.</param>
    /// <param name="fill">Passes each piece to the given function. It must throw if the pieces don't match the digest;
    /// nothing is stored then.</param>
    public static async Task<BlobLocation> WriteAsync(
        IObjectStore store,
        ObjectProtection protection,
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
            await protection.CommitAsync(staged, digest, cancellationToken).ConfigureAwait(false);
            return LocationOf(digest);
        }
    }

    private static BlobLocation LocationOf(Digest digest) => new(new StoredObject(digest), 0);
}
