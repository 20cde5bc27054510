using ArtifactsPS.Core.Storage;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Content.Blobs;

/// <summary>Content that is stored as a separate object, which can be found by the digest of the content.</summary>
internal static class WholeObject
{
    /// <summary>Finds stored content.</summary>
    /// <param name="objects">Receives the object.</param>
    /// <returns>Null if the object is missing.</returns>
    public static async Task<BlobLocation?> FindAsync(
        ReliedObjects objects,
        Digest digest,
        long size,
        CancellationToken cancellationToken
    ) => await objects.TryAddAsync(digest, size, cancellationToken).ConfigureAwait(false) ? LocationOf(digest) : null;

    /// <summary>Stores content piece by piece.</summary>
    /// <param name="store">The store of the writer.</param>
    /// <param name="writer">Relies on the object, and counts it as new content.</param>
    /// <param name="digest">SHA-256 of the content.</param>
    /// <param name="fill">Passes each piece to the given function. It must throw if the pieces don't match the digest;
    /// nothing is stored then.</param>
    public static async Task<BlobLocation> WriteAsync(
        IObjectStore store,
        ContentWriter writer,
        Digest digest,
        Func<Func<byte[], int, Task>, Task> fill,
        CancellationToken cancellationToken
    )
    {
        var staged = await store.StageAsync(cancellationToken).ConfigureAwait(false);
        await using (staged.ConfigureAwait(false))
        {
            long size = 0;
            await fill(
                    (bytes, count) =>
                    {
                        size += count;
                        return staged.WriteAsync(bytes.AsMemory(0, count), cancellationToken).AsTask();
                    }
                )
                .ConfigureAwait(false);
            await staged.CommitAsync(StoreLayout.ObjectKey(digest), cancellationToken).ConfigureAwait(false);
            writer.Objects.Add(digest, size);
            writer.Volume.AddContent(size);
            writer.Volume.AddStored(size);
            return LocationOf(digest);
        }
    }

    private static BlobLocation LocationOf(Digest digest) => new(new StoredObject(digest), 0);
}
